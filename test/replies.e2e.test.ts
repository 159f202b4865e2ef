/** Replies between two people on two gateways, jumps to their targets and to what a search finds, and all of it after a reload, by mouse, keys and finger. */
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Visitor } from "./support/browser.ts";
import { enter } from "./support/client.ts";
import { say } from "./support/people.ts";
import { receiveVisitors } from "./support/visitors.ts";

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const FAR = 300;
const TOMBSTONE = "삭제된 메시지입니다.";

const { cluster, come, comeElsewhere } = receiveVisitors({ gateways: 2 });
let talker: Awaited<ReturnType<typeof enter>>;

beforeAll(async () => {
  const [minted] = await cluster().mint(1);
  talker = await enter(cluster().url, { token: minted?.accessToken ?? "" });
});

const talk = async (count: number, word: string): Promise<void> => {
  for (let n = 0; n < count; n++) await say(talker, `${word} ${n}`);
};
/** The row of the message of this text, and not a row that quotes it. */
const row = ({ page }: Visitor, text: string) =>
  page.locator(".row").filter({ has: page.locator(".bubble").getByText(text, { exact: true }) });
const quoteIn = (visitor: Visitor, text: string) => row(visitor, text).locator("button.quote");
async function reply(visitor: Visitor, to: string, text: string): Promise<void> {
  await row(visitor, to).hover();
  await row(visitor, to).locator(".more").click();
  await visitor.actions.getByRole("button", { name: "답장" }).click();
  await visitor.page.locator(".reply-line").waitFor();
  await visitor.say(text);
  await visitor.page.locator(".reply-line").waitFor({ state: "detached" });
}
/** The rows on screen with their quotes, from the top. */
const seen = ({ page }: Visitor): Promise<string[]> =>
  page.locator(".row .quote-text, .row .bubble").allInnerTexts();
const isInView = async (visitor: Visitor, text: string): Promise<boolean> =>
  row(visitor, text).evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    const log = element.closest(".log")?.getBoundingClientRect();
    return log !== undefined && top >= log.top && bottom <= log.bottom;
  });
const focusIsIn = async (page: Page, text: string): Promise<boolean> => {
  const focused = page
    .locator(".row")
    .filter({ has: page.locator(":focus") })
    .locator(".bubble");
  return (await focused.allInnerTexts()).includes(text);
};

test("a reply quotes its target at both, leads there over 300 messages, and outlives the target and a reload", async () => {
  const minji = await come({ viewport: { width: 1_000, height: 700 } });
  await minji.signUp("민지");
  const emile = await comeElsewhere(minji, { viewport: { width: 1_000, height: 700 } });
  await emile.signUp("에밀");
  await minji.say("처음 한 말");
  await emile.sees("처음 한 말");
  await talk(FAR, "사이");
  await emile.page.reload();
  await emile.isLive();
  await emile.sees(`사이 ${FAR - 1}`);
  // The target is found by scrolling up, as a person finds it.
  while ((await row(emile, "처음 한 말").count()) === 0) {
    await emile.page.locator(".log").hover();
    await emile.page.mouse.wheel(0, -6_000);
    await emile.page.waitForTimeout(300);
  }
  await reply(emile, "처음 한 말", "먼 답장");
  for (const visitor of [minji, emile]) {
    await visitor.sees("먼 답장");
    await expect.poll(() => quoteIn(visitor, "먼 답장").innerText()).toMatch(/처음 한 말$/);
  }
  expect(await quoteIn(minji, "먼 답장").innerText()).toMatch(/나/);

  await minji.page.reload();
  await minji.isLive();
  await minji.sees("먼 답장");
  expect(await row(minji, "처음 한 말").count()).toBe(0);
  await quoteIn(minji, "먼 답장").click();
  await row(minji, "처음 한 말").waitFor();
  await expect.poll(() => isInView(minji, "처음 한 말")).toBe(true);
  await expect.poll(() => focusIsIn(minji.page, "처음 한 말")).toBe(true);
  expect(await row(minji, "사이 0").count()).toBe(1);

  // New messages come, the view stands; then back down to them, a page at a time, without a hole.
  await talk(1, "그새");
  expect(await isInView(minji, "처음 한 말")).toBe(true);
  await minji.page.locator(".to-newest").filter({ hasText: /1/ }).waitFor();
  const passed = new Set<string>();
  for (let n = 0; (await minji.page.locator(".to-newest").count()) > 0; n++) {
    expect(n).toBeLessThan(200);
    for (const text of await minji.texts()) passed.add(text);
    await minji.page.locator(".log").hover();
    // Less than a window at a time: more would be a jump to the end.
    await minji.page.mouse.wheel(0, 400);
    await minji.page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))");
  }
  for (let n = 0; n < FAR; n++) expect(passed).toContain(`사이 ${n}`);

  // Gone at both, and after a reload; the quote says so.
  await quoteIn(minji, "먼 답장").click();
  await row(minji, "처음 한 말").waitFor();
  await row(minji, "처음 한 말").hover();
  await row(minji, "처음 한 말").locator(".more").click();
  await minji.askToDelete();
  await minji.confirm();
  await minji.page.locator(".to-newest").click();
  for (const visitor of [minji, emile])
    await expect.poll(() => quoteIn(visitor, "먼 답장").innerText()).toContain(TOMBSTONE);
  for (const visitor of [minji, emile]) {
    await visitor.page.reload();
    await visitor.isLive();
    await visitor.sees("먼 답장");
    await expect.poll(() => quoteIn(visitor, "먼 답장").innerText()).toContain(TOMBSTONE);
  }
  expect((await seen(minji)).slice(-8)).toEqual((await seen(emile)).slice(-8));
  expect([...minji.complaints, ...emile.complaints]).toEqual([]);
});

test("by keys alone: up chooses whom to answer, Escape leaves it, and a jump takes the focus along", async () => {
  const minji = await come({ locale: "en-GB" });
  await minji.signUp("Keys");
  await talk(2, "for you");
  await minji.sees("for you 1");
  await minji.say("mine");
  await minji.sees("mine");
  const { keyboard } = minji.page;
  const line = minji.page.locator(".reply-line");
  await minji.message.focus();
  // Taking back what was just said comes first, once the script of replies is there.
  await expect
    .poll(async () => {
      await keyboard.press("ArrowUp");
      return minji.message.inputValue();
    })
    .toBe("mine");
  // A press while that was under way has chosen somebody already.
  await minji.message.fill("");
  await keyboard.press("Escape");
  await line.waitFor({ state: "detached" });
  await keyboard.press("ArrowUp");
  await line.filter({ hasText: "for you 1" }).waitFor();
  await keyboard.press("ArrowDown");
  await keyboard.press("ArrowDown");
  await keyboard.press("ArrowDown");
  await line.waitFor({ state: "detached" });
  await keyboard.press("ArrowUp");
  await keyboard.press("ArrowUp");
  await line.filter({ hasText: "for you 0" }).waitFor();
  await keyboard.press("Escape");
  await line.waitFor({ state: "detached" });
  await keyboard.press("ArrowUp");
  await keyboard.type("an answer");
  await keyboard.press("Enter");
  await minji.sees("an answer");
  await expect.poll(() => quoteIn(minji, "an answer").innerText()).toContain("for you 1");
  await quoteIn(minji, "an answer").focus();
  await keyboard.press("Enter");
  await expect.poll(() => focusIsIn(minji.page, "for you 1")).toBe(true);
  expect(await minji.barriers()).toEqual([]);
  expect(minji.complaints).toEqual([]);
});

test("a reply that waits for a connection keeps its target through a reload", async () => {
  const minji = await come();
  await minji.signUp("끊긴 이");
  await talk(1, "대답해 줘요");
  await minji.sees("대답해 줘요 0");
  await minji.goOffline();
  await reply(minji, "대답해 줘요 0", "이제 해요");
  await expect.poll(() => quoteIn(minji, "이제 해요").innerText()).toContain("대답해 줘요 0");
  await minji.page.context().setOffline(false);
  await minji.page.reload();
  await minji.isLive();
  await minji.sees("이제 해요");
  await expect.poll(() => quoteIn(minji, "이제 해요").innerText()).toContain("대답해 줘요 0");
});

test("a finger swipes to the right to reply, and up and down to scroll", async () => {
  const minji = await come(PHONE);
  await minji.signUp("밀기");
  await talk(3, "밀 말");
  await minji.sees("밀 말 2");
  await minji.page.waitForFunction("document.querySelector('[href*=\"on-demand-\"]') !== null");
  const devtools = await minji.page.context().newCDPSession(minji.page);
  const swipe = async (dx: number, dy: number): Promise<void> => {
    const box = await row(minji, "밀 말 1").locator(".bubble").boundingBox();
    const [x, y] = [(box?.x ?? 0) + 10, (box?.y ?? 0) + 8];
    await devtools.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x, y }] });
    for (const part of [0.25, 0.5, 0.75, 1])
      await devtools.send("Input.dispatchTouchEvent", {
        type: "touchMove",
        touchPoints: [{ x: x + dx * part, y: y + dy * part }],
      });
    await devtools.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  };
  await swipe(0, -80);
  await swipe(30, 0);
  expect(await minji.page.locator(".reply-line").count()).toBe(0);
  await swipe(90, 0);
  await minji.page.locator(".reply-line").filter({ hasText: "밀 말 1" }).waitFor();
  await expect.poll(() => minji.message.evaluate((field) => field.matches(":focus"))).toBe(true);
  const leave = await minji.page.locator(".reply-line button").boundingBox();
  expect(Math.min(leave?.width ?? 0, leave?.height ?? 0)).toBeGreaterThanOrEqual(44);
  await minji.page.locator(".reply-line button").click();
  await minji.page.locator(".reply-line").waitFor({ state: "detached" });
  expect(await minji.barriers()).toEqual([]);
});

const ENGLISH = { locale: "en-GB", viewport: { width: 1_280, height: 800 } };
const hits = ({ page }: Visitor) => page.locator(".search-hit > :last-child").allInnerTexts();

test("words that another person just said are found and gone to by keyboard alone, never deleted or ignored ones", async () => {
  const ana = await come(ENGLISH);
  const bob = await comeElsewhere(ana, ENGLISH);
  await ana.signUp("Ana who seeks");
  await bob.signUp("Bob of stars");
  await bob.say("은하수가 보인다");
  await talk(80, "chatter");
  await bob.say("Look, 은하수!");
  await ana.sees("Look, 은하수!");
  const { keyboard } = ana.page;
  await keyboard.press("Control+Shift+F");
  await ana.page.locator(".search input:focus").waitFor();
  // As an input method composes it: found before the last syllable is finished.
  const typist = await ana.page.context().newCDPSession(ana.page);
  await typist.send("Input.imeSetComposition", { text: "은하수", selectionStart: 3, selectionEnd: 3 });
  await expect.poll(() => hits(ana), { timeout: 20_000 }).toEqual(["Look, 은하수!", "은하수가 보인다"]);
  expect(await ana.page.locator(".search-hit mark").allInnerTexts()).toEqual(["은하수", "은하수"]);
  await typist.send("Input.insertText", { text: "은하수" });
  expect(await ana.barriers()).toEqual([]);
  await keyboard.press("ArrowDown");
  await keyboard.press("ArrowDown");
  await keyboard.press("Enter");
  await expect
    .poll(() => ana.page.locator(".row[data-marked] .bubble").allInnerTexts())
    .toEqual(["은하수가 보인다"]);
  expect(await isInView(ana, "은하수가 보인다")).toBe(true);
  await keyboard.press("/");
  await bob.unfold("Look, 은하수!");
  await bob.askToDelete();
  await bob.confirm();
  await expect.poll(() => hits(ana), { timeout: 20_000 }).toEqual(["은하수가 보인다"]);
  await keyboard.type("은하수 보");
  await expect.poll(() => ana.page.locator(".search-hit mark").allInnerTexts()).toEqual(["은하수", "보"]);
  await ana.page.locator(".row .name", { hasText: "Bob of stars" }).first().click();
  await ana.page.locator(".dialog.card").getByRole("button", { name: "Ignore" }).click();
  await ana.page.getByText("No message here has these words.").waitFor();
  expect(await hits(ana)).toEqual([]);
  await ana.page.locator(".search input").focus();
  await keyboard.press("Escape");
  await ana.page.locator(".search").waitFor({ state: "detached" });
  expect(await ana.page.evaluate("document.activeElement.className")).toContain("search-open");
});

test("on a phone the search is a sheet, which leaves for the place of a hit and comes back as it was", async () => {
  const ana = await come({ ...PHONE, locale: "en-GB" });
  await talk(1, "a lighthouse");
  await talk(60, "more chatter");
  await ana.page.locator(".search-open").tap();
  await ana.page.locator("dialog[open] .search input").fill("LIGHTHOUSE");
  await ana.page.locator(".search-hit").tap();
  await expect
    .poll(() => ana.page.locator(".row[data-marked] .bubble").allInnerTexts())
    .toEqual(["a lighthouse 0"]);
  expect(await ana.page.locator("dialog[open]").count()).toBe(0);
  await ana.page.locator(".search-open").tap();
  await ana.page.locator('.search-hit[aria-current="true"]').waitFor();
});
