import { expect, test } from "vitest";
import { shortcodeBegun, spellEmoji } from "./shortcodes.ts";

const EMOJI = new Map([
  ["heart", "❤️"],
  ["+1", "👍"],
  ["100", "💯"],
]);
const spelled = (text: string) => spellEmoji(text, (code) => EMOJI.get(code));

test.each([
  [":heart:", "❤️"],
  ["yes :+1::+1: :Heart:", "yes 👍👍 ❤️"],
  ["😀:heart:", "😀❤️"],
  [":heart: :no_such: :heart", "❤️ :no_such: :heart"],
  [":constructor:", ":constructor:"],
  ["12:30:45 at 1:100:2", "12:30:45 at 1:100:2"],
  ["std::heart::x", "std::heart::x"],
  ["https://a.example/:heart:/?q=:heart:", "https://a.example/:heart:/?q=:heart:"],
])("%s is sent as %s", (text, sent) => {
  expect(spelled(text)).toBe(sent);
});

test.each([
  [":he", "he"],
  ["안녕 :하트", "하트"],
  [":+1", "+1"],
  ["❤️:heart_e", "heart_e"],
  ["(:smile", "smile"],
])("%s begins a shortcode", (text, typed) => {
  expect(shortcodeBegun(text)).toBe(typed);
});

test.each([
  ":",
  ":)",
  ":D",
  ":-)",
  ":3",
  ":p",
  ":ㅂ",
  "12:30",
  "http://he",
  "re:zero",
  "답:네네",
  "::he",
  ":heart:",
  ": he",
  "a :12",
])("%s begins none", (text) => {
  expect(shortcodeBegun(text)).toBe(undefined);
});
