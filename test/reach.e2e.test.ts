/** Roles, problems of forms, keys and the focus stay visible and in reach. */
import type { Page } from "playwright-core";
import { describe, expect, test, vi } from "vitest";
import { PASSWORD, type Visitor } from "./support/browser.ts";
import { createPeople } from "./support/people.ts";
import { receiveVisitors } from "./support/visitors.ts";

const PATIENT = { timeout: 20_000 };
const ENGLISH = { locale: "en-GB" };

const house = receiveVisitors({ gateways: 1, limits: true });
const { come, cluster } = house;
const people = createPeople(() => cluster().url);

async function comeAs(nickname: string): Promise<Visitor & { email: string }> {
  const visitor = await come(ENGLISH);
  return Object.assign(visitor, { email: await visitor.signUp(nickname) });
}

/** The focused element; "BODY" if none is. */
const focused = (page: Page): Promise<string> =>
  page.evaluate("(({ id, className, tagName }) => id || className || tagName)(document.activeElement)");
const isFocusHeld = (page: Page) =>
  vi.waitFor(async () => expect(await focused(page)).not.toBe("BODY"), { timeout: 2_000 });

describe("roles", () => {
  test("are shown at what moderators say, asked before they are given, and never a nickname's word", async () => {
    const ada = await comeAs("Ada of the house");
    await cluster().command("admin", "grant", ada.email, "admin");
    await ada.page.getByRole("button", { name: "Room settings" }).waitFor();
    const ben = await comeAs("Ben of the street");
    await ben.say("may I help?");
    await ada.say("you may");
    await ben.sees("you may");
    await expect.poll(() => ben.row("you may").locator(".badge").innerText()).toBe("Admin");
    await expect.poll(() => ada.row("may I help?").locator(".badge").count()).toBe(0);
    await ben.page.reload();
    await ben.sees("you may");
    await expect.poll(() => ben.row("you may").locator(".badge").innerText()).toBe("Admin");
    expect(await ben.barriers()).toEqual([]);

    await ada.unfold("may I help?");
    await ada.page.getByRole("button", { name: "Moderate" }).click();
    const { page } = ada;
    await page.getByText("Role now: User").waitFor();
    const give = page.getByRole("button", { name: /^Change the role/ });
    expect(await give.count()).toBe(0);
    await page.getByLabel("Moderator", { exact: true }).check();
    await page.getByText("May delete messages, mute people").waitFor();
    await expect.poll(() => ben.page.getByRole("button", { name: "Room settings" }).count()).toBe(0);
    expect(await ada.barriers()).toEqual([]);
    await page.getByRole("button", { name: "Change the role to Moderator" }).click();
    await page.locator("dialog[open] .asks .grave").click();
    await ben.page.getByRole("button", { name: "Room settings" }).waitFor();
    await ben.say("gladly");
    await ada.sees("gladly");
    await expect.poll(() => ada.row("gladly").locator(".badge").innerText()).toBe("Moderator");

    for (const nickname of ["운영자", "관리자", "System", "수다", "Admin 7"]) {
      const answer = await people.ask("PATCH /api/me", await people.logInAs(ben.email, PASSWORD), {
        nickname,
      });
      expect([nickname, answer.body]).toEqual([
        nickname,
        expect.objectContaining({ code: "invalid", fields: { nickname: "not_allowed" } }),
      ]);
    }
  });
});

describe("a form", () => {
  test("tells at the field what is the field's, and goes there", async () => {
    await comeAs("Taken already");
    const { page } = await come(ENGLISH);
    await page.locator(".composer.guest .primary").click();
    await page.getByRole("tab").nth(1).click();
    await page.locator("input[name=email]").fill("somebody.new@example.com");
    await page.locator("input[name=password]").fill(PASSWORD);
    await page.locator("input[name=nickname]").fill("taken ALREADY");
    await page.keyboard.press("Enter");
    const field = page.locator(".field", { has: page.locator("input[name=nickname]") });
    await field.locator(".note.wrong").getByText("This nickname is taken.").waitFor();
    await expect.poll(() => page.locator("input[name=nickname]").getAttribute("aria-invalid")).toBe("true");
    await expect.poll(() => page.locator(".form-problem").count()).toBe(0);
    await page.locator("input[name=nickname]:focus").waitFor();
  });

  test("a wrong password of one's own is told where it was written", async () => {
    const { page } = await comeAs("Forgetful");
    await page.locator(".account-own").click();
    await page.locator("summary").getByText("Password", { exact: true }).click();
    await page.locator("input[name=current]").fill("a guess of mine");
    await page.locator("input[name=next]").fill("quite another one");
    await page.keyboard.press("Enter");
    await page.locator("input[name=current][aria-invalid=true]:focus").waitFor();
    await page.locator(".field .note.wrong").getByText("This is not your password.").waitFor();
  });
});

describe("the keyboard", () => {
  test("goes through tabs and choices by arrows", async () => {
    const { page } = await come(ENGLISH);
    await page.locator(".composer.guest .primary").click();
    const [logIn, signUp] = [page.getByRole("tab").nth(0), page.getByRole("tab").nth(1)];
    await logIn.focus();
    for (const [key, chosen] of [
      ["ArrowRight", signUp],
      ["ArrowRight", logIn],
      ["ArrowLeft", signUp],
      ["Home", logIn],
      ["End", signUp],
    ] as const) {
      await page.keyboard.press(key);
      await expect.poll(() => chosen.getAttribute("aria-selected")).toBe("true");
      await expect.poll(() => page.locator("[role=tab]:focus").innerText()).toBe(await chosen.innerText());
    }
    // All tabs are one stop of the Tab key.
    await page.keyboard.press("Tab");
    await page.locator("input[name=nickname]:focus").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "System" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator("html").getAttribute("data-theme")).toBe("light");
  });

  test("writes into the message from wherever the focus is, but not into what lies below a dialog", async () => {
    const { page, message } = await comeAs("Types anywhere");
    await page.locator(".room-headline").click();
    await page.keyboard.type("one");
    await expect.poll(() => message.inputValue()).toBe("one");
    await page.locator(".pill").focus();
    await page.keyboard.type("+2");
    await expect.poll(() => message.inputValue()).toBe("one+2");
    await page.locator(".log").focus();
    await page.keyboard.press("Control+b");
    await page.keyboard.press("Space");
    await expect.poll(() => focused(page)).toBe("log");
    await page.locator(".room-search").focus();
    await page.keyboard.type("tea");
    await page.locator(".room-search").fill("");
    await page.locator(".account-own").click();
    await page.locator("summary").first().focus();
    await page.keyboard.type("x");
    await page.keyboard.press("Escape");
    await expect.poll(() => message.inputValue()).toBe("one+2");
  });

  test("keeps its place when what had it goes away", async () => {
    const ana = await comeAs("Ana of the keys");
    const { page } = ana;
    await page.setViewportSize({ width: 900, height: 420 });
    for (let said = 1; said <= 4; said++) {
      await ana.say(`line ${said}\nline\nline`);
      await vi.waitFor(
        async () => expect(await page.locator('.mine[data-state="sent"]').count()).toBe(said),
        PATIENT,
      );
    }
    await page.locator(".log").hover();
    await page.mouse.wheel(0, -300);
    const toNewest = page.locator(".to-newest");
    await toNewest.focus();
    await page.keyboard.press("Enter");
    await toNewest.waitFor({ state: "detached" });
    await isFocusHeld(page);

    // A note that is dismissed.
    await page.locator(".more").last().focus();
    await page.keyboard.press("Enter");
    await ana.actions.getByRole("button", { name: "Copy" }).focus();
    await page.keyboard.press("Enter");
    const dismiss = page.locator(".toast button");
    await dismiss.focus();
    await page.keyboard.press("Enter");
    await dismiss.waitFor({ state: "detached" });
    await isFocusHeld(page);

    // A dialog that is closed by its button gives the focus back.
    await page.locator(".account-own").focus();
    await page.keyboard.press("Enter");
    await page.locator(".dialog").waitFor();
    await page.locator(".dialog-head button").focus();
    await page.keyboard.press("Enter");
    await page.locator(".dialog").waitFor({ state: "detached" });
    await expect.poll(() => focused(page)).toBe("account-own");

    // A log-out removes its own button.
    await page.locator(".account .quiet").focus();
    await page.keyboard.press("Enter");
    await page.locator(".composer.guest").waitFor();
    await isFocusHeld(page);
    expect(ana.complaints).toEqual([]);
  });
});

test("at 400 % a desk's window still shows the newest message between its header and the field", async () => {
  const { page, message, say, sees, row, signUp } = await come({
    ...ENGLISH,
    viewport: { width: 320, height: 225 },
  });
  await signUp("Reads large");
  await say("still here");
  await sees("still here");
  const [header, said, field] = await Promise.all(
    [page.locator(".room-header"), row("still here"), message].map((each) => each.boundingBox()),
  );
  if (!header || !said || !field) throw new Error("something is not on the page");
  expect(said.y).toBeGreaterThanOrEqual(header.y + header.height);
  expect(said.y + said.height).toBeLessThanOrEqual(field.y);
  expect(field.y + field.height).toBeLessThanOrEqual(225);
});
