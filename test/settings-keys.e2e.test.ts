/** The settings and the keys of the page, in real browsers on two gateways. */
import { expect, test } from "vitest";
import { PASSWORD, type Visitor } from "./support/browser.ts";
import { createPeople } from "./support/people.ts";
import { receiveVisitors } from "./support/visitors.ts";

const PATIENT = { timeout: 20_000 };
const DESK = { locale: "en-US", viewport: { width: 1_280, height: 800 } };

const house = receiveVisitors({ gateways: 2, limits: false });
const people = createPeople(() => house.cluster().url);

const dialog = ({ page }: Visitor) => page.locator("dialog[open]");
const choose = ({ page }: Visitor, name: string, value: string) =>
  page.locator(`input[name=${name}][value="${value}"]`).check({ force: true });
const rootSize = (page: Visitor["page"]) =>
  page.evaluate("getComputedStyle(document.documentElement).fontSize");
const focused = ({ page }: Visitor) => page.evaluate("document.activeElement.id");

test("a choice holds at once, in another tab and after a reload, and is that of the person", async () => {
  const ana = await house.come(DESK);
  await ana.signUp("Ana who chooses");
  await ana.say("what time is it");
  await ana.sees("what time is it");
  const other = await ana.page.context().newPage();
  await other.goto(house.cluster().url);
  await other.locator("#message").waitFor();
  await ana.page.getByRole("button", { name: "Settings", exact: true }).click();
  await choose(ana, "textSize", "large");
  await choose(ana, "clock", "24");
  await choose(ana, "motion", "reduced");
  await choose(ana, "density", "cozy");
  expect(await rootSize(ana.page)).toBe("18px");
  await expect.poll(() => rootSize(other), PATIENT).toBe("18px");
  await expect.poll(() => ana.page.locator(".row time").last().innerText()).toMatch(/^\d\d:\d\d$/);
  expect(await ana.barriers()).toEqual([]);
  await ana.page.reload();
  await ana.isLive();
  expect(await rootSize(ana.page)).toBe("18px");
  expect(await ana.page.evaluate("({ ...document.documentElement.dataset }).density")).toBe("cozy");
  await ana.page.getByRole("button", { name: "Log out" }).click();
  await expect.poll(() => rootSize(ana.page), PATIENT).toBe("16px");
});

test("a screen reader reads out only messages to the person, if they want so", async () => {
  const ana = await house.come(DESK);
  const bob = await house.comeElsewhere(ana, DESK);
  const email = await ana.signUp("Ana who listens");
  await bob.signUp("Bob who calls");
  await ana.page.getByRole("button", { name: "Settings", exact: true }).click();
  await choose(ana, "aloud", "mentions");
  await ana.page.keyboard.press("Escape");
  await expect.poll(() => ana.page.locator(".log").getAttribute("aria-live")).toBe("off");
  await bob.say("to nobody");
  await ana.sees("to nobody");
  await ana.say("call me");
  await bob.sees("call me");
  await bob.unfold("call me");
  await bob.page.getByRole("button", { name: "Reply", exact: true }).click();
  await bob.say("Ana, here");
  const voice = ana.page.getByRole("status").filter({ hasText: "to you: Ana, here" });
  await expect.poll(() => voice.count(), PATIENT).toBe(1);
  expect(await ana.page.getByRole("status").filter({ hasText: "to nobody" }).count()).toBe(0);
  expect(email).toContain("@");
});

test("the keys lead anywhere, and none of them breaks writing", async () => {
  const ana = await house.come(DESK);
  const email = await ana.signUp("Ana of the keys");
  const judge = await people.logInAs(email, PASSWORD);
  await people.ask("POST /api/rooms", judge, { name: "radio", title: "새벽 라디오" });
  await ana.page.reload();
  await ana.isLive();
  await ana.page.locator(".people-open").waitFor();
  const { keyboard } = ana.page;

  await ana.message.focus();
  await keyboard.type("what? /? K");
  expect(await ana.message.inputValue()).toBe("what? /? K");
  await keyboard.press("Control+k");
  await dialog(ana).getByRole("combobox").fill("ㅅㅂ");
  await expect.poll(() => dialog(ana).getByRole("option").allInnerTexts(), PATIENT).toEqual(["새벽 라디오"]);
  expect(await ana.barriers()).toEqual([]);
  await keyboard.press("Enter");
  await expect.poll(() => ana.page.url()).toContain("/r/radio");
  await expect.poll(() => focused(ana)).toBe("message");

  await keyboard.press("Alt+ArrowUp");
  await expect.poll(() => ana.page.url()).not.toContain("/r/radio");
  expect(await ana.message.inputValue()).toBe("what? /? K");
  await keyboard.press("Alt+ArrowDown");
  await expect.poll(() => ana.page.url()).toContain("/r/radio");

  await ana.page.locator(".people-open").focus();
  await keyboard.press("?");
  await dialog(ana).getByText("Go to a room or a person").waitFor();
  await keyboard.press("Escape");
  await dialog(ana).waitFor({ state: "detached" });
  await keyboard.press("Escape");
  await expect.poll(() => focused(ana)).toBe("message");

  await ana.page.getByRole("button", { name: "Settings", exact: true }).click();
  await choose(ana, "keys", "off");
  await keyboard.press("Escape");
  await dialog(ana).waitFor({ state: "detached" });
  await ana.page.locator(".people-open").focus();
  await keyboard.press("?");
  expect(await ana.message.inputValue()).toBe("?");
  expect(await dialog(ana).count()).toBe(0);
});
