/** A pinned message, in real browsers on two gateways. */
import { beforeAll, expect, test, vi } from "vitest";
import { type Visitor, visit } from "./support/browser.ts";
import { receiveVisitors } from "./support/visitors.ts";

const PATIENT = { timeout: 20_000 };
const ENGLISH = { locale: "en-GB" };

const house = receiveVisitors({ gateways: 2, limits: true });
let admin: Visitor;

beforeAll(async () => {
  admin = await visit(house.browser(), house.cluster().url, ENGLISH);
  const email = await admin.signUp("Ada Lovely");
  await house.cluster().command("admin", "grant", email, "admin");
  await admin.page.getByRole("button", { name: "Room settings" }).waitFor();
});

const line = ({ page }: Visitor) => page.locator(".pinned");

async function press(text: string, name: string): Promise<void> {
  await admin.sees(text);
  await admin.unfold(text);
  await admin.actions.getByRole("button", { name, exact: true }).click();
}

test("a pinned message stands at the top for everybody, also for who comes later, until each puts it away", async () => {
  const ana = await house.comeElsewhere(admin, ENGLISH);
  await admin.say("read the rules");
  await press("read the rules", "Pin");
  for (const who of [admin, ana]) await line(who).getByText("read the rules").waitFor();
  await ana.page.getByText(/pinned a message/).waitFor();
  expect(await ana.barriers()).toEqual([]);
  const phone = await house.come({ ...ENGLISH, viewport: { width: 390, height: 844 } });
  await line(phone).getByText("read the rules").waitFor();
  expect(await phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
  await ana.page.getByRole("button", { name: "Hide the pinned message" }).click();
  await line(ana).waitFor({ state: "detached" });
  await ana.page.reload();
  await ana.isLive();
  await ana.sees("read the rules");
  expect(await line(ana).count()).toBe(0);
  await line(admin).getByText("read the rules").waitFor();
});

test("pressed, it leads to its message; it is gone when it is unpinned, and when its message is deleted", async () => {
  const ana = await house.comeElsewhere(admin, ENGLISH);
  await admin.say("the plan");
  await press("the plan", "Pin");
  await line(ana).getByText("the plan").waitFor();
  await ana.page.getByRole("button", { name: /Go to the pinned message/ }).click();
  await ana.sees("the plan");
  await press("the plan", "Unpin");
  for (const who of [admin, ana]) await line(who).waitFor({ state: "detached" });
  await press("the plan", "Pin");
  await line(ana).getByText("the plan").waitFor();
  await admin.unfold("the plan");
  await admin.askToDelete();
  await admin.confirm();
  for (const who of [admin, ana])
    await vi.waitFor(async () => expect(await line(who).count()).toBe(0), PATIENT);
});

test("the badge of who runs the cluster stands beside their name in every line", async () => {
  const ana = await house.comeElsewhere(admin, ENGLISH);
  await ana.signUp("Ana asks");
  const { page } = ana;
  const badge = (place: string) => page.locator(`${place} .badge`).first().textContent();
  await admin.say("ask me");
  await press("ask me", "Pin");
  await line(ana).getByText("ask me").waitFor();
  await expect.poll(() => badge(".pinned")).toBe("Admin");
  await ana.sees("ask me");
  await ana.unfold("ask me");
  await page.getByRole("button", { name: "Report" }).click();
  await page.locator("input[name=reason]").fill("why not");
  await page.keyboard.press("Enter");
  await page.getByText("The moderators will look at it.").waitFor();
  await ana.unfold("ask me");
  await ana.actions.getByRole("button", { name: "Reply" }).click();
  await expect.poll(() => badge(".reply-line")).toBe("Admin");
  await ana.say("I do");
  await ana.sees("I do");
  await expect.poll(() => badge(".row .quote")).toBe("Admin");
  await ana.message.pressSequentially("@Ada");
  await expect.poll(() => badge(".completions")).toBe("Admin");
  expect(await ana.barriers()).toEqual([]);
  await ana.message.fill("");
  await page.keyboard.press("Control+Shift+F");
  await page.locator(".search input").fill("ask me");
  await expect.poll(() => badge(".search-hit"), PATIENT).toBe("Admin");
  expect(await ana.barriers()).toEqual([]);
  await admin.page.getByRole("button", { name: "Reported messages: 1 open" }).click(PATIENT);
  await expect.poll(() => admin.page.locator(".remote-item-text .badge").textContent()).toBe("Admin");
  expect(await admin.barriers()).toEqual([]);
  await admin.page.keyboard.press("Escape");
  await admin.message.fill("");
  await expect.poll(() => admin.page.locator(".account .badge").textContent()).toBe("Admin");
});
