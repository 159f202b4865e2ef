/** Scrolling the conversation: it follows the newest message, stands still for a reader, and stays fast in a flood. */
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { Visitor } from "./support/browser.ts";
import { enter, type TestClient } from "./support/client.ts";
import { watchScrolling } from "./support/scrolling.ts";
import { receiveVisitors } from "./support/visitors.ts";

const PATIENT = { timeout: 20_000 };
const MESSAGES = 1_200;
const SLOW_MS = 300;
const EYE_PX = 4;
const BEGINNING = "대화가 여기서 시작되었습니다.";

const { cluster, come } = receiveVisitors({ gateways: 2 });
let talker: TestClient;
let said = 0;

beforeAll(async () => {
  const [minted] = await cluster().mint(1);
  talker = await enter(cluster().url, { token: minted?.accessToken ?? "" });
  await say(MESSAGES);
});

/** @returns the text of the last message. */
async function say(count = 1): Promise<string> {
  const acks = talker.all("ack").length;
  for (let i = 0; i < count; i++) {
    talker.say({ type: "send", room: "lobby", clientId: `said-${said}`, text: `말 ${said}` });
    said += 1;
    if (i % 100 === 99) await acknowledged(acks + i + 1);
  }
  await acknowledged(acks + count);
  return `말 ${said - 1}`;
}

const acknowledged = (count: number): Promise<boolean> =>
  talker.until("acknowledgements", () => talker.all("ack").length >= count);

/** How far the view is from the newest message, px. */
const below = ({ page }: Visitor): Promise<number> =>
  page.locator(".log").evaluate((log) => log.scrollHeight - log.clientHeight - log.scrollTop);

/** A message is sent, and the view follows it. */
async function follows(visitor: Visitor): Promise<void> {
  await visitor.sees(await say());
  await vi.waitFor(async () => expect(await below(visitor)).toBeLessThan(2), PATIENT);
  await expect.poll(() => visitor.page.locator(".to-newest").count()).toBe(0);
}

test("up to the first of 1,200 messages and down again, by wheel, finger, keys and script, on a slow line", async () => {
  const reader = await come({ viewport: { width: 900, height: 700 } });
  await reader.sees(`말 ${said - 1}`);
  const { act, asked, largestJump, wheel, finger, key, script } = await watchScrolling(reader.page, SLOW_MS);
  const up = [wheel(-2_500), finger(-1_800), key("Home"), script("top"), key("PageUp")];
  const down = [wheel(2_500), finger(1_800), key("End"), script("bottom")];
  const begins = reader.page.getByText(BEGINNING);
  const away = reader.page.locator(".to-newest");

  for (let i = 0; (await begins.count()) === 0; i++) {
    expect(i).toBeLessThan(100);
    expect(await act(up[i % up.length] ?? script("top"))).toBeLessThanOrEqual(1);
  }
  expect(asked()).toBeGreaterThanOrEqual((MESSAGES - 50) / 50);
  await expect.poll(async () => (await reader.texts())[0]).toBe("말 0");
  const pages = asked();
  for (let i = 0; (await away.count()) > 0; i++) {
    expect(i).toBeLessThan(100);
    await act(down[i % down.length] ?? script("bottom"));
  }
  expect(asked()).toBe(pages);
  expect(await largestJump()).toBeLessThanOrEqual(EYE_PX);
  await follows(reader);
  expect(reader.complaints).toEqual([]);
});

describe("the end", () => {
  test("is followed again when it was reached in one scroll event, also with something new", async () => {
    const reader = await come();
    await follows(reader);
    const log = reader.page.locator(".log");
    const away = reader.page.locator(".to-newest");
    for (const news of [0, 3]) {
      await log.evaluate((box) => box.scrollBy(0, -1_000));
      await away.waitFor();
      const last = reader.row(`말 ${said - 1}`);
      const place = await last.boundingBox();
      if (news > 0) await say(news);
      if (news > 0) await reader.page.getByText(`새 메시지 ${news}개`).waitFor();
      expect(await last.boundingBox()).toEqual(place);
      await log.evaluate((box) => {
        box.scrollTop = box.scrollHeight;
      });
      await away.waitFor({ state: "detached" });
      await follows(reader);
    }
  });

  test("is not lost when actions unfold, a keyboard comes up, or the page is moved by that in the same instant", async () => {
    const reader = await come({ viewport: { width: 390, height: 844 } });
    await reader.signUp("아래에 있는 이");
    await reader.say("펼칠 말");
    await reader.sees("펼칠 말");
    await reader
      .row("펼칠 말")
      .locator(".more")
      .evaluate((more) => more.click());
    await reader.actions.waitFor();
    await vi.waitFor(async () => expect(await below(reader)).toBeLessThan(2), PATIENT);
    await reader.page.keyboard.press("Escape");
    await reader.page.setViewportSize({ width: 390, height: 460 });
    await vi.waitFor(async () => expect(await below(reader)).toBeLessThan(2), PATIENT);
    // Like a browser that scrolls because of a change before it reports the change.
    await reader.page.locator(".log").evaluate((log) => {
      log.querySelector(".rows").style.paddingBottom = "200px";
      log.scrollTop -= 40;
    });
    await follows(reader);
  });
});

test("a person who was away for long is told so within the window", async () => {
  const reader = await come();
  let cut = (): void => undefined;
  let whileAway = Promise.resolve();
  await reader.page.routeWebSocket(/\/ws$/, (line) => {
    const server = line.connectToServer();
    cut = () => {
      void server.close();
      void line.close({ code: 1012 });
    };
    // Removes the position, so the server cannot tell which events are missing.
    line.onMessage(async (text) => {
      await whileAway;
      server.send(String(text).replace(/,"since":\{[^}]*\}/, ""));
    });
  });
  await reader.page.reload();
  await reader.sees(`말 ${said - 1}`);
  const talk = Promise.withResolvers<void>();
  whileAway = talk.promise;
  cut();
  await say(1);
  talk.resolve();
  const notified = reader.page.getByText("오래 자리를 비워");
  await notified.waitFor(PATIENT);
  await expect.poll(() => below(reader)).toBeLessThan(2);
  expect((await notified.boundingBox())?.y).toBeGreaterThan(0);
  await reader.page.getByRole("status").getByRole("button", { name: "닫기" }).click();
  await notified.waitFor({ state: "detached" });
});

test("in a flood the list is shown eight times a second at most, some forty rows of it, and nothing is lost", async () => {
  const reader = await come();
  await reader.signUp("물가에 선 이");
  await follows(reader);
  const counted = await reader.page.locator(".rows").evaluateHandle((rows) => {
    const count = { commits: 0, max: 0, min: 99, startedAt: performance.now() };
    new rows.ownerDocument.defaultView.MutationObserver(() => {
      count.commits += 1;
      count.max = Math.max(count.max, rows.children.length);
      count.min = Math.min(count.min, rows.children.length);
    }).observe(rows, { childList: true });
    return count;
  });
  const before = said;
  const flood = Array.from({ length: 30 }, () => say(20));
  await reader.page.locator(".pill").click();
  await reader.page.locator("#connection-details").waitFor();
  await Promise.all(flood);
  expect(said - before).toBe(600);
  await follows(reader);
  const { commits, max, min, ms } = await counted.evaluate(({ startedAt, ...count }) => ({
    ...count,
    ms: performance.now() - startedAt,
  }));
  expect(commits).toBeLessThanOrEqual(3 + (8 * ms) / 1_000);
  expect(max).toBeLessThan(50);
  // During the flood only as many rows as fit the window.
  expect(min).toBeLessThan(32);
  await reader.unfold(`말 ${said - 1}`);
  await expect
    .poll(async () => (await reader.texts()).slice(-2))
    .toEqual([`말 ${said - 2}`, `말 ${said - 1}`]);
});
