import { expect, test } from "vitest";
import { checkNickname } from "./nickname.ts";

const keysOf = (raw: string) => {
  const checked = checkNickname(raw);
  if (!checked.ok) throw new Error(`${JSON.stringify(raw)} is refused: ${checked.code}`);
  return checked.value;
};

test.each([
  ["ana", "ana"],
  ["  Ana   Lee ", "Ana Lee"],
  ["전각\u3000공백", "전각 공백"],
  ["\u1112\u1161\u11ab\u1100\u1173\u11af", "한글"],
  ["❤️❤️", "❤️❤️"],
  ["가".repeat(20), "가".repeat(20)],
  ["👍🏽".repeat(20), "👍🏽".repeat(20)],
  ["น้ำใจ", "น้ำใจ".normalize("NFC")],
])("%j is shown as %j", (raw, shown) => {
  expect(checkNickname(raw)).toMatchObject({ ok: true, value: { nickname: shown } });
});

test.each([
  ["", "too_short"],
  ["a", "too_short"],
  ["   a   ", "too_short"],
  ["👍🏽", "too_short"],
  ["a".repeat(21), "too_long"],
  ["👍🏽".repeat(21), "too_long"],
])("the length of %j is %s, counted in grapheme clusters", (raw, code) => {
  expect(checkNickname(raw)).toEqual({ ok: false, code });
});

test.each([
  ["a control character", "an\u0007a"],
  ["a line end", "an\na"],
  ["a tab", "an\ta"],
  ["a line separator", "an\u2028a"],
  ["a zero-width space", "an\u200ba"],
  ["a zero-width joiner", "an\u200da"],
  ["a zero-width non-joiner between letters that never join", "ا\u200cب"],
  ["a joiner at the end", "علی\u200c"],
  ["a joiner that joins no emoji", "👍\u200d👍"],
  ["a byte order mark", "an\ufeffa"],
  ["a soft hyphen", "an\u00ada"],
  ["a right-to-left override", "an\u202ea"],
  ["a bidi isolate", "an\u2066a"],
  ["tag characters", "an\u{e0061}\u{e0062}a"],
  ["a Hangul filler", "ana\u3164"],
  ["a half-width Hangul filler", "ana\uffa0"],
  ["a variation selector that makes no emoji", "an\u{e0100}a"],
  ["emoji style on a letter", "a\ufe0fna"],
  ["the blank Braille cell", "\u2800\u2800"],
  ["a private character", "an\ue000a"],
  ["half of a pair", "an\ud800a"],
  ["marks without a base", "\u0301ana"],
  ["a mark on an emoji", "ana👍\u0301"],
  ["a pile of marks", `a${"\u0301".repeat(6)}na`],
  ["a mark that no language puts on its letter", "x\u0301ana"],
  ["two scripts that are not read together", "Моsсоw"],
  ["Greek among Latin", "Kατε"],
  ["mathematical letters", "𝐚𝐝𝐚𝐦"],
  ["letters in circles", "ⓐⓓⓐⓜ"],
])("%s is refused", (_, raw) => {
  expect(checkNickname(raw)).toEqual({ ok: false, code: "not_allowed" });
});

test.each([
  ["Ana", "ana"],
  ["ＡＮＡ", "ana"],
  ["Straße", "STRASSE"],
  ["ΟΔΟΣ", "οδος"],
  ["οδος", "οδοσ"],
  ["ana  lee", "Ana Lee"],
  ["❤️❤️", "❤❤"],
  ["한글", "\u1112\u1161\u11ab\u1100\u1173\u11af"],
  ["ﾊﾝｶｸ", "ハンカク"],
  ["علی\u200cرضا", "علیرضا"],
  ["ශ්\u200dරීමත්", "ශ්රීමත්"],
  ["👨\u200d👩\u200d👧 3", "👨👩👧 3"],
  ["ADMİNK", "admink"],
  ["ısmet", "ISMET"],
])("%j and %j are one name", (one, other) => {
  expect(keysOf(one).key).toBe(keysOf(other).key);
});

test.each([
  ["ana", "anna"],
  ["한글", "한굴"],
  ["ana lee", "analee"],
])("%j and %j are two names", (one, other) => {
  expect(keysOf(one).key).not.toBe(keysOf(other).key);
});

test.each([
  ["paypal", "PaypaI".replace("P", "p")],
  ["cope", "соре"],
  ["Ellen", "EIIen"],
  ["look", "l00k"],
  ["hill", "hi11"],
  ["modern", "rnodern"],
  ["ＡＤＭＩＮＫ", "ADMINK"],
  ["Æsir", "AEsir"],
  ["thibaud", "thịbaụd"],
  ["KRKR", "🇰🇷🇰🇷"],
])("%j and %j look alike", (one, other) => {
  expect(keysOf(one).skeleton).toBe(keysOf(other).skeleton);
});

test.each([
  ["Ian", "ian"],
  ["lan", "ian"],
  ["한글", "한굴"],
  ["вова", "boba"],
  ["user 2", "user 3"],
  ["Dũng", "Dung"],
  ["Müller", "Muller"],
  ["हंस", "हस"],
])("%j and %j do not", (one, other) => {
  expect(keysOf(one).skeleton).not.toBe(keysOf(other).skeleton);
});
