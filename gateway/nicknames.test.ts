import { expect, test } from "vitest";
import { checkNickname } from "./nicknames.ts";

const keyOf = (raw: string): string => {
  const checked = checkNickname(raw);
  if (!checked.ok) throw new Error(`${JSON.stringify(raw)} is refused: ${checked.code}`);
  return checked.value.key;
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
])("the length of %j is %s, counted in what people call characters", (raw, code) => {
  expect(checkNickname(raw)).toEqual({ ok: false, code });
});

test.each([
  ["a control character", "an\u0007a"],
  ["a line end", "an\na"],
  ["a tab", "an\ta"],
  ["a line separator", "an\u2028a"],
  ["a zero-width space", "an\u200ba"],
  ["a zero-width joiner", "an\u200da"],
  ["a byte order mark", "an\ufeffa"],
  ["a soft hyphen", "an\u00ada"],
  ["a right-to-left override", "an\u202ea"],
  ["a bidi isolate", "an\u2066a"],
  ["tag characters", "an\u{e0061}\u{e0062}a"],
  ["a Hangul filler", "ana\u3164"],
  ["a half-width Hangul filler", "ana\uffa0"],
  ["a variation selector that makes no emoji", "an\u{e0100}a"],
  ["the blank Braille cell", "\u2800\u2800"],
  ["a private character", "an\ue000a"],
  ["half of a pair", "an\ud800a"],
  ["marks without a base", "\u0301ana"],
  ["a pile of marks", `a${"\u0301".repeat(6)}na`],
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
  ["ﬁne", "FINE"],
  ["Ⅳ IV", "iv ⅳ"],
  ["한글", "\u1112\u1161\u11ab\u1100\u1173\u11af"],
])("%j and %j are one name", (one, other) => {
  expect(keyOf(one)).toBe(keyOf(other));
});

test.each([
  ["ana", "anna"],
  ["한글", "한굴"],
  ["ana lee", "analee"],
])("%j and %j are two names", (one, other) => {
  expect(keyOf(one)).not.toBe(keyOf(other));
});

const skeletonOf = (raw: string): string => {
  const checked = checkNickname(raw);
  if (!checked.ok) throw new Error(`${JSON.stringify(raw)} is refused: ${checked.code}`);
  return checked.value.skeleton;
};

test.each([
  ["admin", "аdmin"],
  ["Moscow", "Моsсоw"],
  ["paypal", "PaypaI".replace("P", "p")],
  ["Ellen", "EIIen"],
  ["look", "l00k"],
  ["hill", "hi11"],
  ["Κατε", "Kατε"],
  ["modern", "rnodern"],
  ["ＡＤＭＩＮ", "ADMIN"],
  ["𝐚𝐝𝐦𝐢𝐧", "admin"],
  ["Æsir", "AEsir"],
])("%j and %j look alike", (one, other) => {
  expect(skeletonOf(one)).toBe(skeletonOf(other));
});

test.each([
  ["Ian", "ian"],
  ["lan", "ian"],
  ["한글", "한굴"],
  ["вова", "bobа"],
  ["user 2", "user 3"],
])("%j and %j do not", (one, other) => {
  expect(skeletonOf(one)).not.toBe(skeletonOf(other));
});

test.each(["closed account", "CLOSED  ACCOUNT", "сlоsеd аccount"])("nobody may be called %j", (raw) => {
  expect(checkNickname(raw)).toEqual({ ok: false, code: "not_allowed" });
});
