/** What a page shows is true and stays in reach: roles, problems, keys, the focus, large text, colours that the system chose. */
import type { Page } from "playwright-core";
import { describe, expect, test, vi } from "vitest";
import { PASSWORD, type Visitor } from "./support/browser.ts";
import { createPeople } from "./support/people.ts";
import { receiveVisitors } from "./support/visitors.ts";

const PATIENT = { timeout: 20_000 };
const ENGLISH = { locale: "en-GB" };
const PHONE = { ...ENGLISH, viewport: { width: 360, height: 740 } };

const house = receiveVisitors({ gateways: 1, limits: true });
const { come, cluster } = house;
const people = createPeople(() => cluster().url);

async function comeAs(nickname: string): Promise<Visitor & { email: string }> {
  const visitor = await come(ENGLISH);
  return Object.assign(visitor, { email: await visitor.signUp(nickname) });
}

/** What has the focus; "BODY": nothing has. */
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
    expect(await ben.row("you may").locator(".badge").innerText()).toBe("Admin");
    expect(await ada.row("may I help?").locator(".badge").count()).toBe(0);
    await ben.page.reload();
    await ben.sees("you may");
    expect(await ben.row("you may").locator(".badge").innerText()).toBe("Admin");
    expect(await ben.barriers()).toEqual([]);

    await ada.unfold("may I help?");
    await ada.page.getByRole("button", { name: "Moderate" }).click();
    const { page } = ada;
    await page.getByText("Role now: User").waitFor();
    const give = page.getByRole("button", { name: /^Change the role/ });
    expect(await give.getAttribute("aria-disabled")).toBe("true");
    await page.getByLabel("Moderator", { exact: true }).check();
    await page.getByText("May delete messages, mute people").waitFor();
    expect(await ben.page.getByRole("button", { name: "Room settings" }).count()).toBe(0);
    expect(await ada.barriers()).toEqual([]);
    await page.getByRole("button", { name: "Change the role to Moderator" }).click();
    await ben.page.getByRole("button", { name: "Room settings" }).waitFor();
    await ben.say("gladly");
    await ada.sees("gladly");
    expect(await ada.row("gladly").locator(".badge").innerText()).toBe("Moderator");

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
    await page.locator(".composer.guest button").click();
    await page.getByRole("tab").nth(1).click();
    await page.locator("input[name=email]").fill("somebody.new@example.com");
    await page.locator("input[name=password]").fill(PASSWORD);
    await page.locator("input[name=nickname]").fill("taken ALREADY");
    await page.keyboard.press("Enter");
    const field = page.locator(".field", { has: page.locator("input[name=nickname]") });
    await field.locator(".note.wrong").getByText("This nickname is taken.").waitFor();
    expect(await page.locator("input[name=nickname]").getAttribute("aria-invalid")).toBe("true");
    expect(await page.locator(".form-problem").count()).toBe(0);
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
    await page.locator(".composer.guest button").click();
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
      await vi.waitFor(async () => expect(await chosen.getAttribute("aria-selected")).toBe("true"));
      expect(await page.locator("[role=tab]:focus").innerText()).toBe(await chosen.innerText());
    }
    // One stop for all tabs.
    await page.keyboard.press("Tab");
    await page.locator("input[name=email]:focus").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "System" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    expect(await page.locator("html").getAttribute("data-theme")).toBe("light");
  });

  test("writes into the message from wherever the focus is, but not into what lies below a dialog", async () => {
    const { page, message } = await comeAs("Types anywhere");
    await page.locator(".room-headline").click();
    await page.keyboard.type("one");
    expect(await message.inputValue()).toBe("one");
    await page.locator(".pill").focus();
    await page.keyboard.type("+2");
    expect(await message.inputValue()).toBe("one+2");
    await page.locator(".log").focus();
    await page.keyboard.press("Control+b");
    await page.keyboard.press("Space");
    expect(await focused(page)).toBe("log");
    await page.locator(".room-search").focus();
    await page.keyboard.type("tea");
    await page.locator(".room-search").fill("");
    await page.locator(".account-own").click();
    await page.locator("summary").first().focus();
    await page.keyboard.type("x");
    await page.keyboard.press("Escape");
    expect(await message.inputValue()).toBe("one+2");
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
    await ana.actions.waitFor();
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
    expect(await focused(page)).toBe("account-own");

    // A log-out takes away the button that asked for it.
    await page.locator(".account .quiet").focus();
    await page.keyboard.press("Enter");
    await page.locator(".composer.guest").waitFor();
    await isFocusHeld(page);
    expect(ana.complaints).toEqual([]);
  });
});

describe("what is not there", () => {
  test("a room that does not exist offers nothing to write with, only the way out", async () => {
    const ana = await comeAs("Ana astray");
    await ana.page.goto(`${cluster().url}/r/nowhere`);
    await ana.page.getByText("There is no such room.").waitFor();
    expect(await ana.page.locator(".composer").count()).toBe(0);
    expect(await ana.barriers()).toEqual([]);
    await ana.page.getByRole("button", { name: "Go to the lobby" }).click();
    await ana.message.waitFor();
  });

  test("an unknown path is not found, and files are files", async () => {
    const kind = async (path: string) => {
      const { status, headers } = await fetch(cluster().url + path);
      return [status, headers.get("content-type")?.split(";")[0]];
    };
    expect(await kind("/robots.txt")).toEqual([200, "text/plain"]);
    expect(await kind("/favicon.ico")).toEqual([200, "image/x-icon"]);
    expect(await kind("/icon.svg")).toEqual([200, "image/svg+xml"]);
    expect(await kind("/manifest.webmanifest")).toEqual([200, "application/manifest+json"]);
    expect(await kind("/wp-login.php")).toEqual([404, "text/html"]);
    expect(await kind("/r/lobby")).toEqual([200, "text/html"]);
    const manifest = (await (await fetch(`${cluster().url}/manifest.webmanifest`)).json()) as {
      icons: { src: string; type: string }[];
    };
    for (const { src, type } of manifest.icons) expect(await kind(src)).toEqual([200, type]);
  });

  test("a count is there as soon as the room is, and never half a sentence", async () => {
    const ada = await comeAs("Ada who slows");
    await cluster().command("admin", "grant", ada.email, "admin");
    const judge = await people.logInAs(ada.email, PASSWORD);
    expect((await people.ask("PATCH /api/rooms/lobby", judge, { slowModeMs: 15_000 })).status).toBe(200);
    try {
      const guest = await come(ENGLISH);
      const context = guest.page.context();
      await context.addInitScript(`
        window.seen = [];
        new MutationObserver(() => {
          const text = document.querySelector(".room-count")?.textContent?.trim();
          if (text && seen.at(-1) !== text) seen.push(text);
        }).observe(document, { childList: true, subtree: true, characterData: true });
      `);
      await guest.page.reload();
      await guest.page
        .locator(".room-count")
        .getByText(/\d+ (person|people) here · One message/)
        .waitFor();
      const seen = (await guest.page.evaluate("seen")) as string[];
      expect(seen.filter((text) => !/^(\d+ (person|people) here|One message)/.test(text))).toEqual([]);
    } finally {
      await people.ask("PATCH /api/rooms/lobby", judge, { slowModeMs: 0 });
    }
  });
});

describe("whoever sets their browser otherwise", () => {
  test.each([PHONE, { ...ENGLISH, viewport: { width: 1_280, height: 800 } }])(
    "reads text at twice the size, and nothing is cut off: $viewport.width px",
    async (options) => {
      const { page, barriers, complaints } = await come(options);
      const devtools = await page.context().newCDPSession(page);
      await devtools.send("Page.setFontSizes", { fontSizes: { standard: 32, fixed: 26 } });
      const isWhole = async (screen: string) => {
        const found = await page.evaluate(`({
          size: getComputedStyle(document.body).fontSize,
          wider: [...document.querySelectorAll("html, .sidebar, .dialog, .composer, .room-header, .log")]
            .filter((each) => each.checkVisibility() && each.scrollWidth > each.clientWidth)
            .map(({ className, tagName }) => className || tagName),
        })`);
        expect([screen, found]).toEqual([screen, { size: "32px", wider: [] }]);
      };
      await isWhole("guest");
      expect(await barriers()).toEqual([]);
      if (await page.locator(".sidebar-open").isVisible()) {
        await page.locator(".sidebar-open").click();
        await isWhole("rooms");
        await page.keyboard.press("Escape");
      }
      await page.locator(".composer.guest button").click();
      await page.getByRole("tab").nth(1).click();
      await isWhole("sign up");
      expect(complaints).toEqual([]);
    },
  );

  test("sees in the system's own colours what is chosen", async () => {
    const ada = await comeAs("Ada in contrast");
    const { page } = ada;
    await cluster().command("admin", "grant", ada.email, "admin");
    await page.getByRole("button", { name: "Room settings" }).click();
    await page.emulateMedia({ forcedColors: "active" });
    /** The ground of what is chosen in a group is not that of the others. */
    const isTold = async (group: string, chosen: string, at = page) => {
      const ground = (selector: string): Promise<string[]> =>
        at.evaluate(`[...document.querySelectorAll(${JSON.stringify(selector)})]
          .map((each) => getComputedStyle(each).backgroundColor)`);
      const [grounds, picked] = [await ground(group), await ground(`${group}:is(${chosen})`)];
      expect([group, picked.length, grounds.length > 1]).toEqual([group, 1, true]);
      expect([group, grounds.filter((each) => each === picked[0]).length]).toEqual([group, 1]);
    };
    await isTold(".pick span", ":checked + *");
    await page.keyboard.press("Escape");
    await isTold(".choice:first-child button", "[aria-pressed=true]");
    await isTold(".choice:last-child button", "[aria-pressed=true]");
    await isTold(".room-link", "[aria-current=page]");
    const guest = await come({ ...ENGLISH, forcedColors: "active" });
    await guest.page.locator(".composer.guest button").click();
    await isTold(".tab", "[aria-selected=true]", guest.page);
  });
});
