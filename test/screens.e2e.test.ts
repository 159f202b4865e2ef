/** A walk over all screens, on the smallest phone and on a desktop: the layout holds with any content. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { barriersOf, launchWithoutCookies, PASSWORD, type Visitor } from "./support/browser.ts";
import { enter } from "./support/client.ts";
import { walkPanels } from "./support/panels-walk.ts";
import { createPeople, type Person } from "./support/people.ts";
import { screensOfPage } from "./support/screens.ts";
import { receiveVisitors } from "./support/visitors.ts";
import { faultsFound, forgetFaults, type Seen, walked, walker } from "./support/walk.ts";

const PHONE = { viewport: { width: 320, height: 568 }, locale: "en-GB" };
const DESK = { width: 1_280, height: 800 };
const PATIENT = { timeout: 20_000 };
const LONG_TITLE = "A room whose title is as long as a title may be, which is sixty".slice(0, 60);
const LONG_REASON = `${"Somebodywhowritesreasonswithoutanyspacesinthem".repeat(3)}!`;

const { cluster, come } = receiveVisitors({ gateways: 1, env: { SUDA_ARCHIVE_MS: "200" } });
const people = createPeople(() => cluster().url);

beforeEach(forgetFaults);
afterEach(() => expect(faultsFound()).toEqual({}));

/** Complaints about a missing room, network or session are expected. */
const isFault = (complaint: string): boolean =>
  !/Failed to load resource|ERR_INTERNET_DISCONNECTED/.test(complaint);
const expectNoFaults = ({ complaints }: Visitor): void => expect(complaints.filter(isFault)).toEqual([]);
const stay = async (): Promise<void> => undefined;

async function leave({ page }: Seen): Promise<void> {
  await page.keyboard.press("Escape");
  await page.locator("dialog[open], :popover-open, .actions").waitFor({ state: "detached" });
}

async function expectOk(line: string, by: Person, body?: unknown): Promise<void> {
  const { status } = await people.ask(line, by, body);
  expect([line, status < 300]).toEqual([line, true]);
}

test("of a guest", async () => {
  const guest = await come(PHONE);
  const { page } = guest;
  const { walk, open } = walker(guest);
  await open("the lobby", stay);
  await walk("sidebar", () => page.locator(".sidebar-open").click());
  // The walk also shows the desktop page, where an open sidebar moves into its place.
  const prefer = async (name: string): Promise<void> => {
    await page.locator(".sidebar-open").click();
    await page.getByRole("button", { name }).click();
  };
  await walk("preferences: dark", () => prefer("Dark"), "sidebar");
  await walk("preferences: 한국어", () => prefer("한국어"), "sidebar");
  await prefer("English");
  await walk("settings", () => page.getByRole("button", { name: "Settings", exact: true }).click());
  await walk("keys", () => page.getByRole("button", { name: "All keys" }).click());
  await leave(guest);
  await walk("switcher", () => page.keyboard.press("Control+k"));
  await leave(guest);
  await walk("connection-details", () => page.locator(".pill").click());
  await leave(guest);
  await walk("auth", () => page.locator(".composer.guest .primary").click());
  for (const tab of await page.getByRole("tab").all()) {
    const name = await tab.innerText();
    await walk(name, () => tab.click());
    await walk(`${name}, refused`, () => page.locator("form .primary").click());
  }
  await leave(guest);
  await open("no-such-room", async () => {
    await page.goto(`${cluster().url}/r/nowhere`);
    await page.getByRole("button", { name: "lobby" }).waitFor();
  });
  await open("without a connection", () => guest.goOffline());
  expectNoFaults(guest);
});

test("of somebody with an account: theirs, and what moderators do to it", async () => {
  const anybody = await people.signUp("A judge");
  await cluster().command("admin", "grant", anybody.user.email, "admin");
  const judge = await people.logIn(anybody);
  const talker = await people.signUp("Somebody to report");
  const member = await enter(cluster().url, { token: talker.accessToken });
  const ana = await come(PHONE);
  const { page } = ana;
  const { walk } = walker(ana);
  const dialog = page.locator("dialog[open]");
  const email = await ana.signUp("Ana of the long name");
  const { user } = await people.logInAs(email, PASSWORD);
  member.say({ type: "send", room: "lobby", clientId: "bad", text: "what a joke" });
  await ana.sees("what a joke");
  await ana.unfold("what a joke");
  await walk("report", () => page.getByRole("button", { name: "Report", exact: true }).click());
  await leave(ana);
  await page.setViewportSize(DESK);
  await walk("account", () => page.locator(".account-own").click());
  for (const part of await page.locator(".part summary").all()) {
    const name = await part.innerText();
    await walk(`account: ${name}`, async () => {
      if ((await part.locator("..").getAttribute("open")) === null) await part.click();
      await page.locator("details[open] .part-body > *").first().waitFor();
      await dialog.getByText("Loading…").waitFor({ state: "detached" });
    });
  }
  await page.locator("summary").getByText("Where you are logged in").click();
  const logOut = page.getByRole("button", { name: "Log out everywhere else" });
  await walk("account: whether to log out everywhere else", () => logOut.click());
  // One more tap does nothing, and Escape ends the question only.
  await page.keyboard.press("Escape");
  await walk("account: rather not", () => page.locator(".asks").waitFor({ state: "detached" }), "account");
  await expect.poll(() => page.evaluate("document.activeElement.innerText")).toBe("Log out everywhere else");
  await logOut.click();
  await page.locator(".asks .grave").click();
  await dialog.getByText("Done.").waitFor();
  await walk("account: logged out everywhere else", () => logOut.waitFor({ state: "detached" }), "account");
  await leave(ana);
  await walk("amid a word when muted", async () => {
    await ana.message.pressSequentially("half a sen");
    const body = { untilMs: Date.now() + 600_000, reason: LONG_REASON };
    await expectOk(`PUT /api/users/${user.id}/mute`, judge, body);
    await page.locator(".composer-hint").getByText("You are muted").waitFor();
  });
  await expectOk(`DELETE /api/users/${user.id}/mute`, judge);
  await vi.waitFor(async () => expect(await ana.message.isEnabled()).toBe(true), PATIENT);
  await ana.message.focus();
  await walk("banned", async () => {
    const body = { untilMs: Date.now() + 600_000, reason: LONG_REASON };
    await expectOk(`PUT /api/users/${user.id}/ban`, judge, body);
    await page.getByRole("heading", { name: "This account is banned" }).waitFor();
  });
  expectNoFaults(ana);
});

test("of somebody whose session has ended", async () => {
  const ana = await come(PHONE);
  const { walk } = walker(ana);
  const email = await ana.signUp("Ana away");
  await ana.message.fill("half a sen");
  await walk(
    "session ended",
    async () => {
      await cluster().command("admin", "reset-password", email);
      await ana.page.locator("dialog[open] h2").waitFor();
    },
    "auth",
  );
  await leave(ana);
  await walk("session ended, read on", () => ana.page.getByText("is kept for you").waitFor());
  expectNoFaults(ana);
});

test("of a private room", async () => {
  const ana = await come(PHONE);
  const { page } = ana;
  const { walk } = walker(ana);
  const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
  await ana.signUp("Ana in private");
  await page.locator(".sidebar-open").click();
  await page.locator(".new-room").click();
  await page.getByLabel("Only members").check({ force: true });
  await page.locator("input[name=name]").waitFor({ state: "detached" });
  await page.locator("input[name=title]").fill(LONG_TITLE);
  await page.keyboard.press("Enter");
  await walk("members", () => press("Members"));
  await walk("members: a link", () => press("Make a link"), "members");
  const link = await page.locator("dialog input[readonly]").inputValue();
  const guest = await come(PHONE, new URL(link).pathname);
  await walker(guest).walk("invitation", () => guest.page.getByText("invites you to").waitFor());
});

test("of an admin", async () => {
  const talker = await people.signUp("Somebody else");
  const ada = await come(PHONE);
  const { page } = ada;
  const { walk } = walker(ada);
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const dialog = page.locator("dialog[open]");
  const email = await ada.signUp("Ada of the long name");
  await cluster().command("admin", "grant", email, "admin");
  await button("Reported messages").waitFor();
  const judge = await people.logInAs(email, PASSWORD);
  await expectOk("POST /api/rooms", talker, { name: "long", title: LONG_TITLE });
  await page.goto(`${cluster().url}/r/long`);
  await ada.isLive();
  await walk("an empty room", () => page.getByText("Nothing here yet").waitFor());
  await ada.say("a first word 👋🏽");
  await ada.sees("a first word 👋🏽");
  await walk("a room", stay);
  await walk("message-actions", () => ada.unfold("a first word 👋🏽"));
  await walk("whether to delete it", () => ada.askToDelete(), "message-actions");
  await leave(ada);
  await ada.act("a first word 👋🏽", "React with 👍");
  await walk("reactions", () => ada.act("a first word 👋🏽", "Who reacted"));
  await leave(ada);
  const member = await enter(cluster().url, { token: talker.accessToken, room: "long" });
  member.say({ type: "send", room: "long", clientId: "tall", text: `tall${"\n".repeat(20)}one` });
  const fold = page.locator(".theirs .fold");
  await walk("room-menu", () => page.locator(".room-buttons [aria-haspopup=dialog]").last().click());
  await leave(ada);
  await walk("people", async () => {
    await page.locator(".people-open").click();
    await dialog.locator(".person").first().waitFor();
  });
  await walk("people: nobody of a name", () => dialog.locator("input").fill("ㅎㅎㅎ"), "people");
  await dialog.locator("input").fill("");
  await walk("card", () => dialog.locator(".person", { hasText: "Somebody else" }).click());
  await leave(ada);
  await walkPanels(ada, walk, "tall");
  await leave(ada);
  await walk("a tall message", () => fold.waitFor());
  await walk("a tall message, unfolded", () => fold.click());
  await expectOk("POST /api/rooms/long/messages/3/report", judge, { reason: LONG_REASON });
  await walk("reports", async () => {
    await page.getByRole("button", { name: /^Reported messages/ }).click();
    await dialog.getByText(LONG_REASON).waitFor();
  });
  await walk("person", async () => {
    await button("Moderate").click();
    await dialog.getByText("Role now").waitFor();
  });
  await leave(ada);
  await page.getByRole("button", { name: /^Reported messages/ }).click();
  await walk("reports: none", async () => {
    await button("Nothing wrong").click();
    await dialog.getByText("Nothing was reported.").waitFor();
  });
  await leave(ada);
  await page.setViewportSize(DESK);
  await walk("mentions", () => button("Mentions of you").click());
  await leave(ada);
  await walk("emoji", () => button("Emoji").click());
  await walk("emoji: found", () => page.getByLabel("Search emoji").fill("하트"));
  await leave(ada);
  await page.setViewportSize(DESK);
  await walk("new-room", () => page.locator(".new-room").click());
  await leave(ada);
  // On a phone they are in the room's menu.
  await page.locator(".room-buttons [aria-haspopup=dialog]").last().click();
  await walk("room-settings", () => button("Room settings").click());
  await walk("close-room", () => button("Close this room…").click());
  await walk("close-room, for ever", () => page.getByLabel("Is deleted").check({ force: true }));
  await page.getByLabel("May be read").check({ force: true });
  await walk("archived", () =>
    button("Archive the room")
      .click()
      .then(() => button("Open it again").waitFor()),
  );
  await walk("archived: whether to open it", () => button("Open it again").click(), "archived");
  await walk("archived: rather not", () => button("Cancel").click(), "archived");
  await button("Open it again").click();
  await walk("open again", () =>
    page
      .locator(".asks .grave")
      .click()
      .then(() => ada.message.waitFor()),
  );
  await walk("without a connection", () => ada.goOffline());
  expectNoFaults(ada);
});

test("of a page that fails", async () => {
  const ana = await come(PHONE);
  const lines = await ana.listenToLines();
  await ana.page.locator('.log[aria-busy="false"]').waitFor();
  await ana.page.locator(".log").click();
  const { walk } = walker(ana);
  await walk("failure", async () => {
    const event = { type: "message", room: "lobby", seq: 1, at: 1e300, user: { id: "u", nickname: "?" } };
    const events = [{ ...event, clientId: "c", text: "!" }];
    const joined = { type: "joined", room: "lobby", epoch: "another", head: 1, stored: 1 };
    lines.hears({ ...joined, recovered: false, more: false, events });
    await ana.page.locator(".failure").waitFor();
  });
});

test("of somebody who blocks cookies", async () => {
  const folder = await mkdtemp(join(tmpdir(), "suda-no-cookies-"));
  const context = await launchWithoutCookies(folder);
  try {
    const page = await context.newPage();
    await page.goto(cluster().url);
    const { walk } = walker({ page, barriers: () => barriersOf(page) });
    await walk(
      "cookies blocked",
      async () => {
        await page.locator(".composer.guest .primary").click();
        await page.locator("dialog[open] .why").waitFor();
      },
      "auth",
    );
  } finally {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test("no screen was left out", () => {
  expect(screensOfPage().filter((screen) => !walked().includes(screen))).toEqual([]);
});
