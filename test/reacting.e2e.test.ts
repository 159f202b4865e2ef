/** Two people on two gateways react to messages in Chromium. */
import { expect, test } from "vitest";
import type { Visitor } from "./support/browser.ts";
import { enter } from "./support/client.ts";
import { createPeople } from "./support/people.ts";
import { receiveVisitors } from "./support/visitors.ts";

const { come, comeElsewhere, cluster } = receiveVisitors({ gateways: 2 });
const people = createPeople(() => cluster().url);

const row = ({ page }: Visitor, text: string) =>
  page.locator(".row").filter({ has: page.locator(".bubble").getByText(text, { exact: true }) });
const chips = (visitor: Visitor, text: string) => row(visitor, text).locator(".reaction");
const seen = async (visitor: Visitor, text: string): Promise<string[]> =>
  chips(visitor, text).evaluateAll((all) =>
    all.map((chip) => `${chip.textContent} ${chip.getAttribute("aria-pressed")}`),
  );
const sees = (visitor: Visitor, text: string, expected: string[]) =>
  expect.poll(() => seen(visitor, text), { timeout: 15_000 }).toEqual(expected);

test("a reaction shows at both, is taken back by a tap, and is the same after a reload", async () => {
  const minji = await come({ viewport: { width: 1_000, height: 700 } });
  await minji.signUp("민지");
  const emile = await comeElsewhere(minji, { viewport: { width: 1_000, height: 700 } });
  await emile.signUp("에밀");
  await minji.say("반응해 주세요");
  await emile.sees("반응해 주세요");
  const { height = 0 } = (await row(minji, "반응해 주세요").boundingBox()) ?? {};

  await row(emile, "반응해 주세요").hover();
  await row(emile, "반응해 주세요").locator(".more").click();
  await emile.actions.getByRole("button", { name: "👍 반응하기" }).click();
  await sees(emile, "반응해 주세요", ["👍 1 true"]);
  await sees(minji, "반응해 주세요", ["👍 1 false"]);
  await chips(minji, "반응해 주세요").click();
  await sees(minji, "반응해 주세요", ["👍 2 true"]);
  await sees(emile, "반응해 주세요", ["👍 2 true"]);

  await emile.page.reload();
  await emile.sees("반응해 주세요");
  await sees(emile, "반응해 주세요", ["👍 2 true"]);
  for (const each of [emile, minji]) await chips(each, "반응해 주세요").click();
  await sees(emile, "반응해 주세요", []);
  await sees(minji, "반응해 주세요", []);
  expect((await row(minji, "반응해 주세요").boundingBox())?.height).toBe(height);
});

test("many different ones are folded on a phone, and whoever asks learns who gave which, also by the keyboard alone", async () => {
  const minji = await come({ viewport: { width: 390, height: 844 } });
  await minji.signUp("많이 반응한 민지");
  await minji.say("여러 가지 반응");
  await minji.sees("여러 가지 반응");
  const guest = await comeElsewhere(minji, { viewport: { width: 1_000, height: 700 } });
  await guest.sees("여러 가지 반응");
  const seq = Number(await row(guest, "여러 가지 반응").getAttribute("data-seq"));
  const names = [...Array(5).keys()].map((index) => `반응하는 이 ${index}`);
  const animals = [..."🐀🐁🐂🐃🐄🐅🐆🐇🐈"];
  for (const [index, nickname] of names.entries()) {
    const { accessToken } = await people.signUp(nickname);
    const member = await enter(cluster().url, { token: accessToken });
    for (const emoji of animals.slice(0, index === 0 ? 9 : 2))
      member.say({
        type: "react",
        room: "lobby",
        seq,
        emoji,
        on: true,
        clientId: `r${index}-${animals.indexOf(emoji)}`,
      });
  }
  await sees(minji, "여러 가지 반응", [
    "🐀 5 false",
    "🐁 5 false",
    ...[..."🐂🐃🐄🐅"].map((each) => `${each} 1 false`),
    "+3 null",
  ]);
  expect(await minji.barriers()).toEqual([]);
  await chips(minji, "여러 가지 반응").last().click();
  await expect.poll(() => chips(minji, "여러 가지 반응").count()).toBe(9);
  const wider =
    "[...document.querySelectorAll('.log, .reactions')].filter((each) => each.scrollWidth > each.clientWidth).length";
  expect(await minji.page.evaluate(wider)).toBe(0);

  await chips(guest, "여러 가지 반응").first().focus();
  await guest.page.keyboard.press("ContextMenu");
  const list = guest.page.locator("[data-screen=reactions] li");
  await expect.poll(() => list.count()).toBe(9);
  for (const nickname of names) await list.first().getByText(nickname).waitFor();
  expect(await guest.barriers()).toEqual([]);
  await guest.page.keyboard.press("Escape");
  await list.first().waitFor({ state: "detached" });
  await guest.act("여러 가지 반응", "반응한 사람");
  await list.first().waitFor();
  expect([minji.complaints, guest.complaints]).toEqual([[], []]);
});

test("a message that was just sent is taken back by a key or by its action: nobody sees a trace, and the text is in the field again", async () => {
  const minji = await come({ viewport: { width: 390, height: 844 } });
  await minji.signUp("되돌리는 민지");
  // The cluster does not keep what guests read.
  const guest = await comeElsewhere(minji, { viewport: { width: 1_000, height: 700 } });
  const isGone = async (text: string) => {
    for (const { page } of [minji, guest]) {
      await expect.poll(() => page.locator(".row").getByText(text, { exact: true }).count()).toBe(0);
      expect(await page.locator(".log .deleted").count()).toBe(0);
    }
  };
  const note = minji.page.locator(".take-back-note");

  await minji.say("오타가 있은 글");
  await guest.sees("오타가 있은 글");
  await minji.message.press("ArrowUp");
  await note.getByText("보내기를 취소했습니다").waitFor();
  await isGone("오타가 있은 글");
  await expect.poll(() => minji.message.inputValue()).toBe("오타가 있은 글");
  expect(await minji.barriers()).toEqual([]);

  await minji.say("이건 남는 글");
  await minji.say("이것도 아닌 글");
  await guest.sees("이것도 아닌 글");
  await minji.message.fill("쓰던 글");
  await minji.act("이것도 아닌 글", "보내기 취소");
  await note.getByRole("button", { name: "입력란에 되돌리기" }).click();
  await expect.poll(() => minji.message.inputValue()).toBe("이것도 아닌 글");
  await isGone("이것도 아닌 글");

  await guest.page.reload();
  await guest.sees("이건 남는 글");
  await isGone("이것도 아닌 글");
  expect([minji.complaints, guest.complaints]).toEqual([[], []]);
});
