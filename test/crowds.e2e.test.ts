/** Moderators against a crowd, in real browsers on two gateways: removals, reports, roles and raid mode. */
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { PASSWORD, type Visitor, visit } from "./support/browser.ts";
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
afterEach(async () => {
  await admin.page.keyboard.press("Escape");
});

const dialog = ({ page }: Visitor) => page.locator(".dialog");
const button = (who: Visitor, name: string | RegExp) =>
  dialog(who).getByRole("button", { name, exact: true });

async function come(nickname: string): Promise<Visitor> {
  const visitor = await house.comeElsewhere(admin, ENGLISH);
  await visitor.signUp(nickname);
  return visitor;
}

async function moderate(text: string): Promise<void> {
  await admin.sees(text);
  await admin.unfold(text);
  await admin.page.getByRole("button", { name: "Moderate" }).click();
  await dialog(admin).waitFor();
}

async function report(by: Visitor, text: string, reason: string): Promise<void> {
  await by.sees(text);
  await by.unfold(text);
  await by.page.getByRole("button", { name: "Report" }).click();
  await by.page.locator("input[name=reason]").fill(reason);
  await by.page.keyboard.press("Enter");
  await by.page.getByText("The moderators will look at it.").waitFor();
}

test("a mute with removal takes everything back that was said lately, for everybody and for who comes later", async () => {
  const bob = await come("Bob flood");
  const ana = await come("Ana calm");
  for (const text of ["spam one", "spam two", "spam three"]) await bob.say(text);
  await ana.say("please stop");
  for (const who of [admin, ana]) await who.sees("spam three");
  await moderate("spam three");
  await admin.page.locator("input[name=reason]").fill("flooding");
  await dialog(admin).getByText("Delete all their messages of the last hour too").click();
  await button(admin, "Mute").click();
  for (const who of [admin, ana, bob])
    await vi.waitFor(async () => expect((await who.texts()).join()).not.toContain("spam"), PATIENT);
  await ana.sees("please stop");
  const fresh = await house.come(ENGLISH);
  await fresh.sees("please stop");
  expect((await fresh.page.locator(".log").innerText()).includes("spam")).toBe(false);
  // The field of the muted says how long, and the line below it why.
  await expect.poll(() => bob.message.getAttribute("placeholder")).toMatch(/^Muted · (10:00|9:\d\d)$/);
  await bob.page.locator(".composer-hint").getByText("flooding").waitFor();
  expect(await bob.barriers()).toEqual([]);
});

test("a report appears at the flag without a reload, with what was said around it, and one tap deletes the message", async () => {
  const bob = await come("Bob bold");
  await bob.say("just before");
  await bob.say("a rude thing");
  await bob.say("just after");
  await admin.sees("just after");
  const ana = await come("Ana upset");
  await report(ana, "a rude thing", "rude");
  await admin.page.getByRole("button", { name: "Reported messages: 1 open" }).click(PATIENT);
  const around = dialog(admin).getByRole("list", { name: "Messages around it" });
  await around.getByText("just before").waitFor();
  await around.getByText("just after").waitFor();
  await expect.poll(() => around.locator("[aria-current]").innerText()).toContain("a rude thing");
  expect(await admin.barriers()).toEqual([]);
  await button(admin, "Delete the message").click();
  await dialog(admin).getByText("Nothing was reported.").waitFor();
  for (const who of [admin, ana, bob])
    await vi.waitFor(async () => expect(await who.texts()).not.toContain("a rude thing"), PATIENT);
  await admin.page.keyboard.press("Escape");
  await admin.page.getByRole("button", { name: "Reported messages", exact: true }).waitFor();
});

test("one tap mutes the author of a reported message, together with what else they said", async () => {
  const bob = await come("Bob again");
  await bob.say("rude once");
  await bob.say("rude twice");
  const ana = await come("Ana again");
  await report(ana, "rude twice", "twice");
  await admin.page.getByRole("button", { name: /Reported messages: \d+ open/ }).click(PATIENT);
  await dialog(admin).getByText("Delete all their messages of the last hour too").click();
  await button(admin, "Mute for 10 minutes").click();
  await dialog(admin).getByText("Nothing was reported.").waitFor();
  await vi.waitFor(async () => expect((await ana.texts()).join()).not.toContain("rude"), PATIENT);
  await expect.poll(() => bob.message.isDisabled()).toBe(true);
});

test("a role is given after a question that names the present one, and nothing happens without the answer", async () => {
  const bob = await come("Bob kind");
  await bob.say("I want to help");
  await moderate("I want to help");
  await dialog(admin).getByText("Role now:").waitFor();
  await dialog(admin).getByLabel("Moderator", { exact: true }).check();
  await button(admin, "Change the role to Moderator").click();
  const question = dialog(admin).getByText(/Change the role of .Bob kind. from User to Moderator\?/);
  await question.waitFor();
  await button(admin, "Cancel").click();
  await question.waitFor({ state: "detached" });
  expect(await bob.page.getByRole("button", { name: "Room settings" }).count()).toBe(0);
  await button(admin, "Change the role to Moderator").click();
  await question.waitFor();
  await button(admin, "Change the role to Moderator").click();
  await bob.page.getByRole("button", { name: "Room settings" }).waitFor();
});

test("raid mode keeps new accounts from writing, says so in their field, and lets them write when it is over", async () => {
  const bob = await come("Bob new");
  await bob.say("hello there");
  await admin.sees("hello there");
  await admin.page.getByRole("button", { name: /^Reported messages/ }).click();
  await button(admin, "Younger than 1 hour").click();
  await dialog(admin)
    .getByText(/Accounts younger than 1 hour cannot write/)
    .waitFor();
  expect(await admin.barriers()).toEqual([]);
  await expect.poll(() => bob.message.isDisabled()).toBe(true);
  await bob.page.locator(".composer-hint").getByText("New accounts cannot write just now.").waitFor();
  // One who comes now sees it at once, with the time that is left. A message that they sent as a guest waits in the field.
  const ana = await house.come(ENGLISH);
  await ana.page.locator("#message").fill("let me in");
  await ana.page.keyboard.press("Enter");
  await ana.page.getByText("Your message is sent as soon as you are in.").waitFor();
  for (const [name, value] of Object.entries({
    nickname: "Ana newer",
    email: "ana@example.com",
    password: PASSWORD,
  }))
    await ana.page.locator(`input[name=${name}]`).fill(value);
  await ana.page.keyboard.press("Enter");
  await expect.poll(() => ana.message.getAttribute("placeholder")).toMatch(/^New accounts wait · \d+:\d\d/);
  await ana.page
    .locator(".composer-hint")
    .getByText(/You can in \d+:\d\d/)
    .waitFor();
  await button(admin, "Let them write").click();
  for (const who of [bob, ana]) await expect.poll(() => who.message.isEnabled()).toBe(true);
  expect(await ana.message.inputValue()).toBe("let me in");
  await bob.say("back again");
  await admin.sees("back again");
});
