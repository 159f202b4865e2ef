/** Mentions between people on two gateways: chosen by keys, by finger and while a syllable is composed, and what is left of them later. */
import { expect, test } from "vitest";
import { composeAndEnter, type Visitor } from "./support/browser.ts";
import { receiveVisitors } from "./support/visitors.ts";

const DESK = { viewport: { width: 1_000, height: 700 } };
const { come, comeElsewhere } = receiveVisitors({ gateways: 2 });

const choices = ({ page }: Visitor) => page.getByRole("listbox", { name: "부를 사람" });
const mentionIn = ({ page }: Visitor, name: string) => page.locator(".bubble .mention", { hasText: name });
/** Writes the colon that ends a shortcode and presses Enter before anything is drawn. */
const END_AND_SEND = `(() => {
  const field = document.querySelector("#message");
  field.setRangeText(":", field.value.length, field.value.length, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText", data: ":" }));
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", code: "Enter", bubbles: true, cancelable: true }));
})()`;

test("a person is found by consonants, stands out at both, and a rename, a reload and a deletion leave what they should", async () => {
  const haneul = await come(DESK);
  await haneul.signUp("하늘 바다");
  const emile = await comeElsewhere(haneul, DESK);
  await emile.signUp("에밀");
  // A sign-up opens another connection, wherever that leads.
  while ((await emile.gateway()) === (await haneul.gateway())) await emile.page.reload();

  // Enter ends the composition, chooses, and does not send.
  await emile.message.focus();
  await emile.page.keyboard.type("@");
  await choices(emile).getByRole("option", { name: "하늘 바다" }).waitFor();
  await composeAndEnter(emile.page, "macOS", ["ㅎ", "하", "한", "하느", "하늘"]);
  await expect.poll(() => emile.message.inputValue()).toBe("@하늘 바다 ");
  await choices(emile).waitFor({ state: "detached" });
  await emile.page.keyboard.type("안녕");

  // The draft keeps the person over a reload; the name counts as two characters.
  await emile.page.reload();
  await emile.isLive();
  await emile.page.locator(".send:enabled").waitFor();
  await emile.message.fill(`${await emile.message.inputValue()}${"!".repeat(25)}`);
  await emile.page.locator(".send:enabled").waitFor();
  await emile.message.press("Enter");
  await mentionIn(haneul, "@하늘 바다").waitFor();
  expect(await mentionIn(haneul, "@하늘 바다").getAttribute("class")).toContain("to-you");
  expect(await haneul.page.locator(".row.to-me").count()).toBe(1);
  await mentionIn(emile, "@하늘 바다").waitFor();
  expect(await emile.page.locator(".row.to-me").count()).toBe(0);

  // By first consonants and the keys; a name of which a part was deleted is no mention.
  await emile.page.keyboard.type("@ㅎㄴ");
  await choices(emile).waitFor();
  expect(await emile.message.getAttribute("aria-activedescendant")).toBeTruthy();
  await emile.page.keyboard.press("Tab");
  await expect.poll(() => emile.message.inputValue()).toBe("@하늘 바다 ");
  await emile.page.keyboard.press("Backspace");
  await emile.page.keyboard.press("Backspace");
  await choices(emile).waitFor();
  await emile.page.keyboard.press("Escape");
  await choices(emile).waitFor({ state: "detached" });
  await emile.page.locator(".send:enabled").waitFor();
  await emile.page.keyboard.press("Enter");
  await haneul.sees("@하늘 바");
  expect(await haneul.page.locator(".row.to-me").count()).toBe(1);

  // The list leads there, also after a rename and a reload.
  await haneul.page.reload();
  await haneul.isLive();
  await haneul.page.getByRole("button", { name: "나를 부른 메시지" }).click();
  const items = haneul.page.getByRole("dialog").locator(".mention-item");
  await items.first().waitFor();
  expect(await items.count()).toBe(1);
  await items.first().click();
  await haneul.page.locator('.row.to-me[data-marked=""]').waitFor();
  // The newest message is in view, so nothing offers the way to it, nor lies on it.
  await haneul.page.locator(".to-newest").waitFor({ state: "detached" });

  // All messages are one stop of the Tab key, and the arrow keys reach what is in one.
  const own = emile.page.locator(".row", { has: emile.page.locator(".mention") });
  await emile.message.focus();
  await emile.page.keyboard.press("Shift+Tab");
  for (const [key, name] of [
    ["ArrowUp", "more"],
    ["ArrowLeft", "mention"],
    ["ArrowLeft", "name"],
    ["ArrowRight", "mention"],
    ["ArrowRight", "more"],
  ] as const) {
    await emile.page.keyboard.press(key);
    expect(await own.locator(":focus").getAttribute("class")).toBe(name);
  }
  await emile.page.keyboard.press("Shift+Tab");
  await emile.page.locator(".log:focus").waitFor();

  // A deletion takes it out of the row and the list.
  await own.hover();
  await own.locator(".more").click();
  await emile.askToDelete();
  await emile.confirm();
  await mentionIn(haneul, "@하늘 바다").waitFor({ state: "detached" });
  expect(await haneul.page.locator(".row.to-me").count()).toBe(0);
  await haneul.page.getByRole("button", { name: "나를 부른 메시지" }).click();
  await haneul.page.getByText("아직 나를 부른 메시지가 없어요.").waitFor();
  for (const { complaints } of [haneul, emile]) expect(complaints).toEqual([]);
});

test("on a phone a person is chosen with a finger, and the list covers neither the text nor the field", async () => {
  const phone = await come({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await phone.signUp("가람");
  const other = await comeElsewhere(phone, DESK);
  await other.signUp("나래");
  await other.say("왔어요");
  await phone.sees("왔어요");
  await phone.message.tap();
  await phone.page.keyboard.type("안녕 @ㄴ");
  const option = choices(phone).getByRole("option", { name: "나래" });
  await option.waitFor();
  const [list, field] = [await choices(phone).boundingBox(), await phone.message.boundingBox()];
  expect((list?.y ?? 0) + (list?.height ?? 0)).toBeLessThanOrEqual(field?.y ?? 0);
  expect((await option.boundingBox())?.height).toBeGreaterThanOrEqual(44);
  await option.tap();
  await expect.poll(() => phone.message.inputValue()).toBe("안녕 @나래 ");
  await phone.page.locator(".send:enabled").tap();
  await mentionIn(other, "@나래").waitFor();
});

test("an emoji is found in either language and picked by keys alone, in one's tone of skin, and is among the recent ones after a reload", async () => {
  const visitor = await come(DESK);
  const { page, message } = visitor;
  await visitor.signUp("이모지");
  const picker = page.getByRole("dialog", { name: "이모지" });
  const emoji = (name: string) => picker.locator(".emoji-grid").getByRole("button", { name, exact: true });

  await message.fill("좋아");
  await message.press("ArrowLeft");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await emoji("활짝 웃는 얼굴").waitFor();
  // The search has the focus. Down goes to the first, and the arrows from one to the next.
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("End");
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.type("thumbsup");
  await emoji("올린 엄지").waitFor();
  await picker.getByRole("radio", { name: "중간 색", exact: true }).check({ force: true });
  await picker.getByRole("searchbox").press("Enter");
  await picker.waitFor({ state: "detached" });
  expect(await message.inputValue()).toBe("좋👍🏽아");
  await expect.poll(() => message.evaluate((field) => field.matches(":focus"))).toBe(true);
  await page.keyboard.press("Enter");
  await visitor.sees("좋👍🏽아");

  await page.reload();
  await visitor.isLive();
  await page.locator(".emoji-open").click();
  await picker.getByRole("button", { name: "올린 엄지" }).waitFor();
  expect(await picker.locator(".emoji-grid button").allInnerTexts()).toEqual(["👍🏽"]);
  await picker.getByRole("button", { name: "표정과 감정" }).click();
  await picker.getByRole("searchbox").fill("ㅎㅌ");
  await emoji("빨간색 하트").waitFor();
  await page.keyboard.press("Escape");
  await picker.waitFor({ state: "detached" });
});

test("a shortcode is completed by keys alone in either language, never in the way of other colons, and a whole one is sent as the emoji", async () => {
  const visitor = await come(DESK);
  const { page, message } = visitor;
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  const fetched = () => asked.filter((url) => url.includes("emoji-data"));
  await visitor.signUp("짧은말");
  const list = page.getByRole("listbox", { name: "넣을 이모지" });
  const options = list.getByRole("option");

  // Neither a smiley, a time nor a link fetches anything, and Enter sends them.
  for (const text of [":) 12:30", "std::heart"]) {
    await message.pressSequentially(text);
    await page.locator(".send:enabled").waitFor();
    await page.keyboard.press("Enter");
    await visitor.sees(text);
  }
  expect(fetched()).toEqual([]);

  await message.pressSequentially("응 :heart_e");
  await options.first().waitFor();
  expect(await options.first().innerText()).toContain("하트");
  expect(fetched()).toHaveLength(1);
  expect(await visitor.barriers()).toEqual([]);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await expect.poll(() => options.first().getAttribute("aria-selected")).toBe("true");
  await page.keyboard.press("Tab");
  expect(await message.inputValue()).toBe("응 😍");
  await list.waitFor({ state: "detached" });
  await page.keyboard.type(" :빨간색");
  await options.getByText(":heart:", { exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await list.waitFor({ state: "detached" });
  // Thirty characters at most, and an emoji is one of them however it is written.
  await message.fill("");
  await message.pressSequentially(`${":heart:".repeat(8)} :no_such:`);
  await page.locator(".send:enabled").waitFor();
  await page.keyboard.press("Enter");
  await visitor.sees(`${"❤️".repeat(8)} :no_such:`);
  // Keys that are faster than the screen: the list of the word before is still there when Enter comes.
  await message.pressSequentially("끝 :heart");
  await options.first().waitFor();
  await page.evaluate(END_AND_SEND);
  await visitor.sees("끝 ❤️");
  expect(visitor.complaints).toEqual([]);
});

test("a link is an element that leads where it says, and nothing else is one", async () => {
  const visitor = await come(DESK);
  await visitor.signUp("이음");
  await visitor.say("https://suda.example은 여기");
  await visitor.say("javascript:alert(1)//http");
  await visitor.sees("javascript:alert(1)//http");
  const links = visitor.page.locator(".bubble a");
  expect(
    await links.evaluateAll((all) =>
      all.map((each) => each.outerHTML.replaceAll(/ (class|dir|translate)="[^"]*"/g, "")),
    ),
  ).toEqual([
    '<a href="https://suda.example/" target="_blank" rel="noopener nofollow ugc" referrerpolicy="no-referrer" tabindex="-1">https://suda.example</a>',
  ]);

  // No stop of the Tab key of its own, because all messages are one, from which arrows reach it.
  await visitor.message.focus();
  for (const key of ["Shift+Tab", "ArrowUp", "ArrowLeft"]) await visitor.page.keyboard.press(key);
  await expect.poll(() => visitor.page.locator(".bubble a:focus").count()).toBe(1);
});
