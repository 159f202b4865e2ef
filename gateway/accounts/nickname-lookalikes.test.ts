import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { CONFUSABLES } from "../../shared/server/identity/unicode-security.ts";
import { checkNickname as check } from "./nickname.ts";
import { REAL_NAMES } from "./testing/real-names.ts";

/**
 * Every look-alike of a text of one or more characters by the standard; in both directions, because likeness is mutual.
 */
const alikes = new Map<string, string[]>();
for (const [alike, prototype] of CONFUSABLES) {
  alikes.set(prototype, [...(alikes.get(prototype) ?? []), alike]);
  alikes.set(alike, [...(alikes.get(alike) ?? []), prototype]);
}
const CHARS = [...alikes.keys()];

const checked = new Map<string, ReturnType<typeof check>>();
/** Checks each name once: a thousand letters have only a few look-alikes. */
function checkNickname(raw: string): ReturnType<typeof check> {
  const known = checked.get(raw) ?? check(raw);
  checked.set(raw, known);
  return known;
}

/** The name with some of its letters, as given by `picks`, replaced by look-alikes. */
function disguised(name: string, picks: readonly number[]): string {
  const letters = [...name.normalize("NFC")];
  return letters
    .map((letter, index) => {
      const others = alikes.get(letter) ?? [];
      const pick = picks[index % picks.length] ?? 0;
      return others[pick % (others.length + 1)] ?? letter;
    })
    .join("");
}
const isOneOf = (name: string, disguise: string): boolean => {
  const [given, taken] = [checkNickname(disguise), checkNickname(name)];
  if (!taken.ok) throw new Error(`${name} is refused: ${taken.code}`);
  return !given.ok || given.value.skeleton === taken.value.skeleton || given.value.key === taken.value.key;
};

const picks = fc.array(fc.nat(200), { minLength: 1, maxLength: 20 });
const real = fc.constantFrom(...REAL_NAMES.flatMap(([, ...names]) => names));
const latin = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,10}[A-Za-z0-9]$/);
const odd = fc
  .array(fc.constantFrom(...CHARS), { minLength: 2, maxLength: 6 })
  .map((chars) => chars.join(""));
const name = fc.oneof(real, latin, odd).filter((raw) => checkNickname(raw).ok);

// Tens of thousands of names take seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

test("a name with any of its letters replaced by look-alikes is refused or the same", () => {
  fc.assert(
    fc.property(name, picks, (raw, chosen) => {
      const disguise = disguised(raw, chosen);
      expect(isOneOf(raw, disguise), `${raw} and ${disguise}`).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test("each line of the standard's data: a name with the one and a name with the other are not two", () => {
  const wrong: string[] = [];
  for (const [alike, prototype] of CONFUSABLES)
    for (const around of ["", "a", "я", "ا", "가"]) {
      const [one, other] = [
        `${around}${prototype}${around}${prototype}`,
        `${around}${alike}${around}${alike}`,
      ];
      if (checkNickname(one).ok && !isOneOf(one, other)) wrong.push(`${one} and ${other}`);
    }
  expect(wrong).toEqual([]);
});

test.each([
  ["ADMINK", "ꓮꓓꓟꓲꓠꓗ"],
  ["thibaud", "thᎥbaud"],
  ["thibaud", "thịbaud"],
  ["thibaud", "THİBAUD"],
  ["thibaud", "ᴛʜɪʙᴀᴜᴅ"],
  ["thibaud", "t̶h̶i̶baud"],
  ["thibaud", "t\u20ddhibaud"],
  ["thibaud", "thibaud\ufffc"],
  ["thibaud", "thibaud\u{1d159}"],
  ["thibaud", "🅃🄷🄸🄱🄰🅄🄳"],
  ["thibaud", "🇹🇭🇮🇧🇦🇺🇩"],
  ["thibaud", "⒯⒣⒤⒝⒜⒰⒟"],
  ["cope", "соре"],
])("beside %j there is no %j", (raw, disguise) => {
  expect(isOneOf(raw, disguise)).toBe(true);
});
