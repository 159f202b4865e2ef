import { expect, test } from "vitest";
import type { EmojiRow } from "../sync/emoji.ts";
import { completeShortcode, searchEmoji } from "./emoji-search.ts";

const ROWS: readonly EmojiRow[] = [
  ["👍", 1, "+1 thumbsup", "thumbs up|good like", "올린 엄지|최고 좋아요", true],
  ["😍", 0, "heart_eyes", "smiling face with heart-eyes|love", "하트 눈 얼굴|사랑"],
  ["❤️", 8, "heart", "red heart|love", "빨간색 하트|사랑 마음"],
  ["📈", 7, "chart_with_upwards_trend", "chart increasing|graph", "증가하는 차트|그래프"],
];
const found = (typed: string) => searchEmoji(ROWS, typed).map(([emoji]) => emoji);

test.each([
  ["heart", ["❤️", "😍"]],
  ["하트", ["😍", "❤️"]],
  ["ㅎㅌ", ["😍", "❤️"]],
  ["사랑 마음", ["❤️"]],
  [":+1:", ["👍"]],
  ["like", ["👍"]],
  ["👍", ["👍"]],
  ["art", []],
  ["  ", []],
  ["constructor", []],
])("%s finds %s", (typed, emoji) => {
  expect(found(typed)).toEqual(emoji);
});

test("the shortcode that is typed comes first, then those that begin so, the shortest first, then those with a word that does", () => {
  expect(completeShortcode(ROWS, "heart").map(([emoji]) => emoji)).toEqual(["❤️", "😍"]);
  expect(completeShortcode(ROWS, "hea").map(([emoji]) => emoji)).toEqual(["❤️", "😍"]);
  expect(completeShortcode(ROWS, "up").map(([emoji]) => emoji)).toEqual(["📈"]);
});
