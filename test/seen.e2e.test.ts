/** The page is usable for everybody: missing rooms, counts, large text, colours of the system. */
import { describe, expect, test, vi } from "vitest";
import { PASSWORD, type Visitor } from "./support/browser.ts";
import { createPeople } from "./support/people.ts";
import { receiveVisitors } from "./support/visitors.ts";

const ENGLISH = { locale: "en-GB" };
const PHONE = { ...ENGLISH, viewport: { width: 360, height: 740 } };

const house = receiveVisitors({ gateways: 1, limits: true });
const { come, cluster } = house;
const people = createPeople(() => cluster().url);

async function comeAs(nickname: string): Promise<Visitor & { email: string }> {
  const visitor = await come(ENGLISH);
  return Object.assign(visitor, { email: await visitor.signUp(nickname) });
}

describe("missing rooms and paths", () => {
  test("a room that does not exist offers nothing to write with, only the way out", async () => {
    const ana = await comeAs("Ana astray");
    await ana.page.goto(`${cluster().url}/r/nowhere`);
    await ana.page.getByText("There is no such room.").waitFor();
    await expect.poll(() => ana.page.locator(".composer").count()).toBe(0);
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
    for (const { src, type } of manifest.icons) expect(await kind(`/${src}`)).toEqual([200, type]);
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

describe("a person with other browser settings", () => {
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
      await page.locator(".composer.guest .primary").click();
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
    /** The chosen button of a group has another background than the others. */
    const isNotified = async (group: string, chosen: string, at = page) => {
      const ground = (selector: string): Promise<string[]> =>
        at.evaluate(`
          const painted = (each) => {
            const own = getComputedStyle(each).backgroundColor;
            return /^rgba.* 0\\)$/.test(own) ? painted(each.parentElement) : own;
          };
          [...document.querySelectorAll(${JSON.stringify(selector)})].map(painted)`);
      await vi.waitFor(
        async () => {
          const [grounds, picked] = [await ground(group), await ground(`${group}:is(${chosen})`)];
          expect([group, picked.length, grounds.length > 1]).toEqual([group, 1, true]);
          expect([group, grounds.filter((each) => each === picked[0]).length]).toEqual([group, 1]);
        },
        { timeout: 20_000 },
      );
    };
    await isNotified(".pick span", ":checked + *");
    await page.keyboard.press("Escape");
    await isNotified(".choice:first-child button", "[aria-pressed=true]");
    await isNotified(".choice + .choice button", "[aria-pressed=true]");
    await isNotified(".room-link", "[aria-current=page]");
    const guest = await come({ ...ENGLISH, forcedColors: "active" });
    await guest.page.locator(".composer.guest .primary").click();
    await isNotified(".tab", "[aria-selected=true]", guest.page);
  });
});
