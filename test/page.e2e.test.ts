/** The page itself: it is never blank and never shows anything false, after any failure. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page, Response } from "playwright-core";
import { describe, expect, test, vi } from "vitest";
import { BROWSERS_IN_WORDS } from "../web/oldest-browsers.ts";
import { launchWithoutCookies, PASSWORD } from "./support/browser.ts";
import { receiveVisitors } from "./support/visitors.ts";

const PATIENT = { timeout: 20_000 };
const PHONE = { viewport: { width: 320, height: 568 } };
const TOO_OLD = ["브라우저를 업데이트해 주세요", "Please update your browser"];

const { cluster, come } = receiveVisitors({ gateways: 1, limits: true });

/**
 * Replaces all text with elements, as Chrome does when it translates.
 * @param all also text that is marked as not to be translated.
 */
const translate = (page: Page, all: boolean): Promise<void> =>
  page.evaluate(`(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    for (const text of texts) {
      if (!text.data.trim() || (!${all} && text.parentElement.closest("[translate=no]"))) continue;
      const outer = document.createElement("font");
      const inner = document.createElement("font");
      inner.textContent = "«" + text.data + "»";
      outer.append(inner);
      text.replaceWith(outer);
    }
  })()`);

describe("no screen is ever blank", () => {
  const notified = (page: Page) =>
    page.waitForResponse((response) => response.url().endsWith("/api/client-errors"), PATIENT);
  const where = async (answer: Promise<Response>): Promise<string> => {
    const response = await answer;
    expect(response.status()).toBe(204);
    return response.request().postDataJSON().where;
  };
  const joined = {
    type: "joined",
    room: "lobby",
    epoch: "another",
    head: 1,
    stored: 1,
    recovered: false,
    more: false,
  };

  test("in a room whose name is a property of every object drafts are kept like in any other", async () => {
    const minji = await come();
    await minji.signUp("만드는 이");
    await minji.page.locator(".new-room").click();
    await minji.page.locator("input[name=title]").fill("생성자");
    await minji.page.locator("input[name=name]").fill("constructor");
    await minji.page.keyboard.press("Enter");
    await minji.page.getByRole("heading", { name: "생성자" }).waitFor();
    await expect.poll(() => minji.message.inputValue()).toBe("");
    await minji.message.fill("쓰다 만 말");
    await minji.page.reload();
    await minji.message.waitFor();
    await expect.poll(() => minji.message.inputValue()).toBe("쓰다 만 말");
    expect(minji.complaints).toEqual([]);
  });

  test("a failure to render is shown and reported, with two ways out", async () => {
    const { page, barriers, listenToLines, isLive } = await come();
    const lines = await listenToLines();
    const answer = notified(page);
    const user = { id: "u", nickname: "누구" };
    const event = { type: "message", room: "lobby", seq: 1, at: 1e300, user, clientId: "c", text: "!" };
    await page.locator('.log[aria-busy="false"]').waitFor();
    lines.hears({ ...joined, events: [event] });
    await page.getByRole("heading", { name: "화면에 문제가 생겼습니다" }).waitFor();
    await expect.poll(() => where(answer)).toBe("screen");
    expect(await barriers()).toEqual([]);
    await page.getByRole("button", { name: "다시 열기" }).click();
    await isLive();
    await page.locator('.log[aria-busy="false"]').waitFor();
    lines.hears({ ...joined, events: [event] });
    await page.getByRole("link", { name: "로비로 가기" }).click();
    await isLive();
  });

  test("a failure in an event or a promise is reported, and the page stays", async () => {
    const { page, listenToLines, isLive } = await come();
    const lines = await listenToLines();
    await page.locator('.log[aria-busy="false"]').waitFor();
    const inEvent = notified(page);
    lines.hears({ ...joined, events: null });
    await page.locator(".toast").waitFor();
    await expect.poll(() => where(inEvent)).toBe("event");
    await page.route("**/api/rooms?*", (route) => route.fulfill({ json: { rooms: null } }));
    const inPromise = notified(page);
    await page.reload();
    await page.locator(".toast").waitFor();
    await expect.poll(() => where(inPromise)).toBe("promise");
    await isLive();
  });

  test.each([
    ["lacks a style", "CSS.supports = () => false", false],
    ["lacks a function", "delete Intl.Segmenter", false],
    // The checker of barriers needs more than such a browser has.
    ["lacks nearly everything", "delete globalThis.CSS; delete globalThis.Intl", true],
  ])("a browser that is too old is told so: %s", async (_, age, isWithoutModules) => {
    const { page, barriers } = await come(PHONE);
    await page.addInitScript(age);
    if (isWithoutModules) await page.route("**/assets/main-*.js", (route) => route.fulfill({ body: "" }));
    await page.reload();
    await expect.poll(() => page.getByRole("heading").allInnerTexts()).toEqual(TOO_OLD);
    await page.getByText(BROWSERS_IN_WORDS).last().waitFor();
    expect(await page.locator(".late, .page").and(page.locator(":visible")).count()).toBe(0);
    expect(await page.evaluate("document.documentElement.scrollHeight - innerHeight")).toBe(0);
    if (!isWithoutModules) expect(await barriers()).toEqual([]);
  });

  test("a page that cannot begin, or whose scripts do not come, says so", async () => {
    const { page } = await come();
    await page.addInitScript(() => Object.assign(globalThis, { BroadcastChannel: undefined }));
    const atStart = notified(page);
    await page.reload();
    await page.getByRole("heading", { name: "화면에 문제가 생겼습니다" }).waitFor();
    await expect.poll(() => where(atStart)).toBe("start");
    await page.route("**/assets/main-*.js", (route) => route.abort());
    await page.reload();
    await page.evaluate("for (const each of document.getAnimations()) each.finish()");
    await page.getByRole("link", { name: "로비로 가기" }).waitFor();
  });
});

test("a script or a style sheet that is fetched later and does not come is said, and fetched again at the next try", async () => {
  const { page } = await come();
  await page.route(/assets\/on-demand-.*\.css$/, (route) => route.abort());
  await page.reload();
  await page.locator(".composer.guest .primary").click();
  await page.locator(".toast").getByText("서버에 연결할 수 없습니다").waitFor();
  await page.unroute(/assets\/on-demand-.*\.css$/);
  await page.route(/assets\/(on-demand|en)-.*\.js$/, (route) => route.abort());
  await page.reload();
  const start = page.locator(".composer.guest .primary");
  await start.click();
  await page.locator(".toast").getByText("서버에 연결할 수 없습니다").waitFor();
  await page.locator(".toast").waitFor({ state: "detached" });
  await page.unroute(/assets\/(on-demand|en)-.*\.js$/);
  await page.route(/assets\/en-.*\.js$/, (route) => route.abort());
  await start.click();
  await page.locator("input[name=nickname]").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "English" }).click();
  await page.locator(".toast").getByText("서버에 연결할 수 없습니다").waitFor();
  await expect.poll(() => page.locator("html").getAttribute("lang")).toBe("ko");
  await page.unroute(/assets\/en-.*\.js$/);
  await page.getByRole("button", { name: "English" }).click();
  await expect.poll(() => page.locator("html").getAttribute("lang")).toBe("en");
  await start.click();
  await page.locator("input[name=nickname]").waitFor();
});

describe("the page shows no false state", () => {
  test.each([true, false])("of a page that was translated, wholly or as it asks: %s", async (all) => {
    const minji = await come();
    await minji.signUp(`번역하는 이 ${all}`);
    const other = await come();
    await other.signUp(`다른 이 ${all}`);
    await minji.say("지울 말");
    await minji.sees("지울 말");
    await minji.unfold("지울 말");
    await minji.askToDelete();
    await translate(minji.page, all);
    await expect.poll(() => minji.texts()).toContain("«지울 말»");
    await minji.confirm();
    await expect.poll(async () => (await minji.texts()).at(-1)).toBe("삭제된 메시지입니다.");
    await minji.message.fill("네 글자다".repeat(5));
    await expect.poll(() => minji.page.locator(".count").innerText()).toMatch(/^25/);
    await other.say("새 말");
    await minji.sees("새 말");
    await minji.goOffline();
    await vi.waitFor(
      async () => expect(await minji.page.locator(".pill [role=status]").innerText()).toBe("오프라인"),
      PATIENT,
    );
    await translate(minji.page, all);
    await minji.page.context().setOffline(false);
    await minji.isLive();
    await vi.waitFor(
      async () => expect(await minji.page.locator(".pill [role=status]").innerText()).toBe("실시간"),
      PATIENT,
    );
    await minji.page.getByRole("button", { name: "English" }).click();
    await minji.page.getByText("Rooms", { exact: true }).waitFor();
    await expect.poll(() => minji.page.locator(".pill [role=status]").innerText()).toBe("Live");
  });

  test("a message of many lines is folded, and unfolds", async () => {
    const minji = await come();
    await minji.signUp("줄 바꾸는 이");
    await minji.message.fill(`위${"\n".repeat(28)}밑`);
    await minji.page.keyboard.press("Enter");
    const bubble = minji.page.locator(".mine[data-state=sent] .bubble").last();
    const height = async () => (await bubble.boundingBox())?.height ?? 0;
    await expect.poll(() => height()).toBeGreaterThan(100);
    const folded = await height();
    expect(folded).toBeLessThan(300);
    await bubble.getByRole("button").click();
    await expect.poll(() => height()).toBeGreaterThan(2 * folded);
    await bubble.getByRole("button").click();
    await expect.poll(() => height()).toBe(folded);
  });

  test("thirty families are one line and not folded, and emoji alone are large, also with a space between them", async () => {
    const minji = await come();
    await minji.signUp("이모지 가족");
    const families = "👨‍👩‍👧‍👦".repeat(30);
    await minji.say(families);
    await minji.sees(families);
    expect(await minji.row(families).getByRole("button", { name: "모두 보기" }).count()).toBe(0);
    await minji.say("❤️ 😂");
    await minji.sees("❤️ 😂");
    expect(await minji.row("❤️ 😂").locator(".bubble").getAttribute("class")).toBe("bubble emoji");
  });

  test.each([
    ["en-US", /^\d+:\d\d\s[AP]M$/],
    ["en-GB", /^\d\d:\d\d$/],
    ["de-DE", /^\d\d:\d\d$/],
  ])("the clock is that of the browser's locale: %s", async (locale, shape) => {
    const minji = await come({ locale });
    await minji.signUp(`clock ${locale}`);
    await minji.say(`now ${locale}`);
    await minji.sees(`now ${locale}`);
    expect(await minji.row(`now ${locale}`).locator("time").textContent()).toMatch(shape);
  });

  test("a link leads to its room in spite of what fingers and editors added, and says when there is none", async () => {
    const minji = await come();
    await minji.signUp("링크 여는 이");
    await minji.page.locator(".new-room").click();
    await minji.page.locator("input[name=title]").fill("차 한 잔");
    await minji.page.locator("input[name=name]").fill("tea");
    await minji.page.keyboard.press("Enter");
    await minji.page.getByRole("heading", { name: "차 한 잔" }).waitFor();
    for (const path of ["/r/Tea", "/r/tea.", "/r/TEA%29%E3%80%82", "/r/%22tea%22/"]) {
      await minji.page.goto(cluster().url + path);
      await minji.page.getByRole("heading", { name: "차 한 잔" }).waitFor();
      expect(new URL(minji.page.url()).pathname).toBe("/r/tea");
    }
    for (const path of ["/r/tea%20time", "/r/%EC%B0%A8", "/r/tea/time"]) {
      await minji.page.goto(cluster().url + path);
      await minji.page.locator(".empty-title").waitFor();
      await expect.poll(() => minji.page.locator(".empty-title").innerText()).toBe("없는 방입니다.");
    }
    await minji.page.getByRole("button", { name: "로비로 가기" }).click();
    await minji.page.getByRole("heading", { name: "로비" }).waitFor();
    expect(minji.complaints).toEqual([]);
    expect(await minji.page.locator(".toast").count()).toBe(0);
  });

  test("a person who blocks cookies is told so, and can talk meanwhile", async () => {
    const folder = await mkdtemp(join(tmpdir(), "suda-no-cookies-"));
    const context = await launchWithoutCookies(folder);
    try {
      const page = await context.newPage();
      await page.goto(cluster().url);
      await page.locator(".composer.guest .primary").click();
      await page.getByText("쿠키를 차단하고 있습니다").waitFor();
      await page.getByRole("tab").nth(1).click();
      await page.locator("input[name=email]").fill(`${crypto.randomUUID()}@example.com`);
      await page.locator("input[name=password]").fill(PASSWORD);
      await page.locator("input[name=nickname]").fill("쿠키 없는 이");
      await page.keyboard.press("Enter");
      await page.locator(".composer:not(.guest)").waitFor();
      await page.locator("#message").fill("그래도 말한다");
      await page.keyboard.press("Enter");
      await page.locator('.mine[data-state="sent"]').waitFor();
    } finally {
      await context.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
