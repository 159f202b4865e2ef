/** Accounts, moderation, reports and ignoring, in real browsers. */
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { PeopleAnswer } from "../shared/http-api.ts";
import { PASSWORD, type Visitor, visit } from "./support/browser.ts";
import { createPeople } from "./support/people.ts";
import { receiveVisitors } from "./support/visitors.ts";

const PATIENT = { timeout: 20_000 };
const ENGLISH = { locale: "en-GB" };

const house = receiveVisitors({ gateways: 2, limits: true });
let admin: Visitor;
let adminEmail: string;

beforeAll(async () => {
  admin = await visit(house.browser(), house.cluster().url, ENGLISH);
  adminEmail = await admin.signUp("Ada Lovely");
  await house.cluster().command("admin", "grant", adminEmail, "admin");
  await admin.page.getByRole("button", { name: "Room settings" }).waitFor();
});
afterEach(async () => {
  await admin.page.keyboard.press("Escape");
});

async function come(nickname: string): Promise<Visitor & { email: string }> {
  const visitor = await house.comeElsewhere(admin, ENGLISH);
  return Object.assign(visitor, { email: await visitor.signUp(nickname) });
}

/** Another browser of the same person. */
async function logIn(email: string, password = PASSWORD): Promise<Visitor> {
  const visitor = await house.come(ENGLISH);
  await enterPassword(visitor, email, password);
  return visitor;
}

async function enterPassword({ page }: Visitor, email: string, password: string): Promise<void> {
  await page.locator(".composer.guest .log-in").click();
  await page.locator("input[name=email]").fill(email);
  await page.locator("input[name=password]").fill(password);
  await page.keyboard.press("Enter");
}

/** Opens the own account at the section with this title. */
async function openAccount({ page }: Visitor, part: string): Promise<void> {
  await page.locator(".account-own").click();
  if (part !== "Nickname") await page.locator("summary").getByText(part, { exact: true }).click();
  await page.locator("details[open] .part-body").waitFor();
}

const dialog = ({ page }: Visitor) => page.locator(".dialog");
const notices = ({ page }: Visitor) => page.locator(".system").allInnerTexts();
const plain = (text: string | undefined) => text?.replace(/[\u2068\u2069]/g, "");

async function moderate(text: string): Promise<void> {
  await dialog(admin).waitFor({ state: "detached" });
  await admin.sees(text);
  await admin.unfold(text);
  await admin.page.getByRole("button", { name: "Moderate" }).click();
  await dialog(admin).waitFor();
}

describe("one's own account", () => {
  test("a new nickname is told to the room and stands at the next message", async () => {
    const ana = await come("Ana of old");
    await openAccount(ana, "Nickname");
    await ana.page.locator("input[name=nickname]").fill("ada LOVELY");
    await ana.page.keyboard.press("Enter");
    await ana.page.getByText("This nickname is taken.").waitFor();
    await ana.page.locator("input[name=nickname]").fill("Ana anew");
    await ana.page.keyboard.press("Enter");
    await dialog(ana).getByText("Saved.").waitFor();
    expect(await ana.barriers()).toEqual([]);
    await ana.page.keyboard.press("Escape");
    await vi.waitFor(
      async () => expect(plain((await notices(admin)).at(-1))).toBe("Ana of old is now called Ana anew."),
      PATIENT,
    );
    await expect.poll(() => ana.page.locator(".account-name bdi").innerText()).toBe("Ana anew");
    await ana.say("it is me");
    await admin.sees("it is me");
    await expect.poll(() => admin.page.locator(".theirs .author").last().innerText()).toBe("Ana anew");
  });

  test("a new password logs every other browser out, which says so and keeps the draft; the wrong old one changes nothing", async () => {
    const ana = await come("Ana careful");
    const other = await logIn(ana.email);
    await other.message.fill("half a sen");
    await openAccount(ana, "Password");
    await ana.page.locator("input[name=current]").fill("a guess of mine");
    await ana.page.locator("input[name=next]").fill("quite another one");
    await ana.page.keyboard.press("Enter");
    await dialog(ana).getByText("This is not your password.").waitFor();
    await expect.poll(() => other.message.isEnabled()).toBe(true);
    await ana.page.locator("input[name=current]").fill(PASSWORD);
    await ana.page.keyboard.press("Enter");
    await dialog(ana).getByText("Your password was changed.").waitFor();
    await dialog(other).getByText("the password was changed").waitFor();
    await other.page.keyboard.press("Escape");
    const bar = other.page.locator(".composer.guest");
    await bar.getByText("Your session has ended. It was logged out elsewhere").waitFor();
    await bar.getByText("What you were writing is kept for you.").waitFor();
    await enterPassword(other, ana.email, "quite another one");
    await other.message.waitFor();
    await expect.poll(() => other.message.inputValue()).toBe("half a sen");
  });

  test("another device is seen by its name and can be logged out from here", async () => {
    const ana = await come("Ana of two");
    const other = await logIn(ana.email);
    await other.message.waitFor();
    await openAccount(ana, "Where you are logged in");
    const sessions = dialog(ana).locator(".remote-list li");
    await vi.waitFor(async () => expect(await sessions.count()).toBe(2), PATIENT);
    expect(await sessions.getByText("This device").count()).toBe(1);
    expect((await sessions.allInnerTexts()).join()).toContain("Chrome on Linux");
    await sessions.getByRole("button").click();
    await vi.waitFor(async () => expect(await sessions.count()).toBe(1), PATIENT);
    await other.page.getByText("Your session has ended.").waitFor();
    await expect.poll(() => ana.message.isEnabled()).toBe(true);
  });

  test("a closed account leaves at once, and its messages stay without the name", async () => {
    const ana = await come("Ana who leaves");
    await ana.say("remember me");
    await admin.sees("remember me");
    await openAccount(ana, "Close account");
    await ana.page.locator("input[name=password]").fill(PASSWORD);
    await ana.page.keyboard.press("Enter");
    await ana.page.locator(".composer.guest").waitFor();
    await admin.page.reload();
    await admin.sees("remember me");
    await expect.poll(() => admin.page.getByText("Ana who leaves").count()).toBe(0);
  });
});

describe("moderation", () => {
  test("a mute says for how long and why, to the muted and to the room, and can be lifted", async () => {
    const ana = await come("Ana loud");
    await ana.say("LA LA LA");
    await moderate("LA LA LA");
    await admin.page.locator("input[name=reason]").fill("too loud");
    await dialog(admin).getByRole("button", { name: "Mute", exact: true }).click();
    const hint = ana.page.locator(".composer-hint");
    await hint.getByText("too loud").waitFor();
    await expect
      .poll(() => hint.innerText())
      .toMatch(/^You are muted until \d+:\d\d.*too loud.*, \d+:\d\d from now\./);
    await expect.poll(() => ana.message.isDisabled()).toBe(true);
    await openAccount(ana, "Nickname");
    await ana.page.locator("input[name=nickname]").fill("LA LA LA");
    await ana.page.keyboard.press("Enter");
    await dialog(ana)
      .getByText(/^You are muted.* Try again in 10 minutes\.$/)
      .waitFor();
    await ana.page.keyboard.press("Escape");
    await vi.waitFor(
      async () =>
        expect(plain((await notices(admin)).at(-1))).toBe("Ana loud was muted for 10 minutes: too loud."),
      PATIENT,
    );
    await moderate("LA LA LA");
    await admin.page.getByRole("button", { name: "Lift the mute" }).click();
    await vi.waitFor(async () => expect(await ana.message.isEnabled()).toBe(true), PATIENT);
    await ana.say("thank you");
    await admin.sees("thank you");
  });

  test("a ban shows nothing but itself, until one reads on as a guest", async () => {
    const ana = await come("Ana rude");
    await ana.say("something rude");
    await moderate("something rude");
    await admin.page.getByLabel("Ban", { exact: true }).check();
    await admin.page.getByLabel("For good").check();
    await dialog(admin).getByRole("button", { name: "Ban", exact: true }).click();
    await ana.page.getByRole("heading", { name: "This account is banned" }).waitFor();
    await expect.poll(() => ana.page.locator(".row").count()).toBe(0);
    await ana.page.getByRole("button", { name: "Read as a guest" }).click();
    await ana.sees("something rude");
    const again = await logIn(ana.email);
    await again.page.getByText("This account is banned.").waitFor();
  });

  test("a timed ban says why and until when, also after a reload, and the page comes back when it is over", async () => {
    const ana = await come("Ana hasty");
    const by = createPeople(() => house.cluster().url);
    const judge = await by.logInAs(adminEmail, PASSWORD);
    const id = await vi.waitFor(async () => {
      const { body } = await by.ask("GET /api/rooms/lobby/people", judge);
      const found = (body as unknown as PeopleAnswer).people.find(({ nickname }) => nickname === "Ana hasty");
      return (found as NonNullable<typeof found>).id;
    }, PATIENT);
    const reason = "<b>too</b> hasty";
    const ban = (ms: number) =>
      by.ask(`PUT /api/users/${id}/ban`, judge, { untilMs: Date.now() + ms, reason });
    expect((await ban(3_600_000)).status).toBe(204);
    await ana.page.getByText(/^The ban ends on .*\d:\d\d:\d\d/).waitFor();
    await ana.page.getByRole("timer").getByText("1 hour left.").waitFor();
    await expect.poll(() => ana.page.locator(".banned q").innerText()).toBe(reason);
    await ana.page.reload();
    await ana.page.locator(".banned q").waitFor();
    await ban(4_000);
    await ana.page.reload();
    await ana.page
      .getByRole("timer")
      .getByText(/^\d s left/)
      .waitFor();
    await ana.page.getByText("Your ban is over. You can log in again.").waitFor();
    await ana.page.locator("input[name=email]").fill(ana.email);
    await ana.page.locator("input[name=password]").fill(PASSWORD);
    await ana.page.keyboard.press("Enter");
    await ana.say("I am back");
    await admin.sees("I am back");
  });

  test("slow mode is told, shown, and what is said too soon waits for it in its order", async () => {
    const ana = await come("Ana fast");
    await admin.page.getByRole("button", { name: "Room settings" }).click();
    await admin.page.getByLabel("1 minute").check();
    await dialog(admin).getByRole("button", { name: "Save" }).click();
    await ana.page.locator(".room-count").getByText("One message every 1 minute").waitFor();
    await ana.page.setViewportSize({ width: 360, height: 740 });
    await expect
      .poll(() => ana.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
      .toBe(true);
    await ana.say("one");
    await ana.sees("one");
    await ana.say("two");
    await ana.say("three");
    await ana.page
      .locator(".delayed")
      .getByText(/goes out by itself in \d+ seconds/)
      .waitFor();
    await expect.poll(() => ana.page.locator(".delayed, .failed").count()).toBe(1);
    expect(await ana.barriers()).toEqual([]);

    await admin.page.getByRole("button", { name: "Room settings" }).click();
    await admin.page.getByLabel("Off").check();
    await dialog(admin).getByRole("button", { name: "Save" }).click();
    await vi.waitFor(
      async () =>
        expect(await ana.page.locator(".room-count").innerText()).not.toContain("One message every"),
      PATIENT,
    );
    await ana.sees("three");
    await expect.poll(async () => (await ana.texts()).slice(-3)).toEqual(["one", "two", "three"]);
  });
});

describe("everybody else", () => {
  test("reports a message, which a moderator reads and sees to", async () => {
    const ana = await come("Ana upset");
    await admin.say("a bad joke");
    await ana.sees("a bad joke");
    await ana.unfold("a bad joke");
    await ana.page.getByRole("button", { name: "Report", exact: true }).click();
    await ana.page.locator("input[name=reason]").fill("not funny");
    await ana.page.keyboard.press("Enter");
    await ana.page.getByText("The moderators will look at it.").waitFor();
    await admin.unfold("a bad joke");
    await admin.askToDelete();
    await admin.confirm();
    await ana.page.getByText("This message was deleted.").waitFor();

    await admin.page.getByRole("button", { name: "Reported messages" }).click();
    await dialog(admin).getByText("not funny").waitFor();
    await dialog(admin).getByText("a bad joke").waitFor();
    await dialog(admin).getByRole("button", { name: "Nothing wrong" }).click();
    await dialog(admin).getByText("Nothing was reported.").waitFor();
    await admin.page.keyboard.press("Escape");
  });

  test("ignores somebody in their own view only, also after a reload, until they are forgiven", async () => {
    const ana = await come("Ana calm");
    const bob = await come("Bob chatty");
    await bob.say("blah blah");
    await ana.sees("blah blah");
    await ana.unfold("blah blah");
    await ana.page.getByRole("button", { name: "Ignore" }).click();
    await ana.page.getByText("You no longer see what").waitFor();
    await ana.page.getByText("blah blah").waitFor({ state: "detached" });
    await admin.sees("blah blah");
    await ana.page.reload();
    await ana.isLive();
    await bob.say("anybody there?");
    await admin.sees("anybody there?");
    await ana.say("peace");
    await ana.sees("peace");
    await expect.poll(() => ana.texts()).not.toContain("anybody there?");
    await openAccount(ana, "People you ignore");
    await dialog(ana).getByRole("button", { name: "Stop ignoring" }).click();
    await ana.page.keyboard.press("Escape");
    await ana.sees("anybody there?");
  });
});
