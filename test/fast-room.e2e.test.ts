/** A room in which more is said than can be read: it can be paused, and a screen reader hears summaries instead of each line. */
import { afterEach, beforeAll, expect, test } from "vitest";
import { enter, type TestClient } from "./support/client.ts";
import { receiveVisitors } from "./support/visitors.ts";

const PER_BURST = 8;
const BURST_MS = 700;
const PATIENT = { timeout: 20_000 };
const ENGLISH = { locale: "en-GB" };

const { cluster, come } = receiveVisitors({ gateways: 2 });
let talker: TestClient;
let timer: NodeJS.Timeout | undefined;
let said = 0;

beforeAll(async () => {
  const [minted] = await cluster().mint(1);
  talker = await enter(cluster().url, { token: minted?.accessToken ?? "" });
});
afterEach(() => clearInterval(timer));

/** Somebody talks without end until the test is over. */
function talk(): void {
  timer = setInterval(() => {
    for (let i = 0; i < PER_BURST; i++) {
      talker.say({ type: "send", room: "lobby", clientId: `fast-${said}`, text: `line ${said}` });
      said += 1;
    }
  }, BURST_MS);
}

test("a screen reader hears how many messages came and the last of them, and not each line", async () => {
  const { page, complaints } = await come(ENGLISH);
  const log = page.getByRole("log");
  await expect.poll(() => log.getAttribute("aria-live")).toBe("polite");
  talk();
  await expect.poll(() => log.getAttribute("aria-live"), PATIENT).toBe("off");
  const summary = page.getByRole("status").filter({ hasText: /^\d+ new messages, the last by/ });
  await summary.waitFor({ state: "attached", ...PATIENT });
  const tree = await page.locator(".messages").ariaSnapshot();
  expect(tree).toMatch(/- status: "?\d+ new messages, the last by \S+: line \d+/);
  expect(tree).toContain('- log "Messages"');
  expect(tree).toContain('- button "Pause"');
  clearInterval(timer);
  await expect.poll(() => log.getAttribute("aria-live"), PATIENT).toBe("polite");
  await expect.poll(() => page.locator(".pause").count()).toBe(0);
  expect(complaints).toEqual([]);
});

test.each(["the button", "the space bar"])("%s pauses it, and one comes back to the newest", async (way) => {
  const { page } = await come(ENGLISH);
  talk();
  await page.locator(".pause").waitFor(PATIENT);
  if (way === "the button") await page.locator(".pause").click();
  else {
    await page.locator(".log").focus();
    await page.keyboard.press("Space");
  }
  // By then the list has shown all that had come when it was paused.
  const news = page.locator(".to-newest").getByText(/\d new messages/);
  await news.waitFor(PATIENT);
  const before = await news.textContent();
  const last = page.locator(".rows .bubble").last();
  const [text, place] = [await last.textContent(), await last.boundingBox()];
  await expect.poll(() => news.textContent(), PATIENT).not.toBe(before);
  expect([await last.textContent(), await last.boundingBox()]).toEqual([text, place]);
  await page.locator(".to-newest").click();
  await page.locator(".pause").waitFor(PATIENT);
});
