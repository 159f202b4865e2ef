/**
 * When two nicknames are one: they read alike (the key), or they look alike (the skeleton). Here rather than in the
 * gateway, since the worker works out what names from before a rule lack, and `mint` makes names too.
 */
import { createSkeleton } from "./unicode-security.ts";

export type NicknameKeys = { key: string; skeleton: string };

/**
 * Stands before each skeleton, so that those of other rules are told apart: gateways of an older release write theirs
 * into the same column, without it. A change of the rules or of the data counts it up; the worker then works them out anew.
 */
export const SKELETON_VERSION = "2:";

/** Emoji style, joiners and the like: nothing is seen of them alone. They count for nothing. */
const UNSEEN = /\p{Default_Ignorable_Code_Point}/gu;
const SPACES = /\p{Zs}+/gu;
/** Marks below a Latin letter, and the dot above, are overlooked; languages that have them lose only the second of a pair. */
const OVERLOOKED = /(?<=\p{Script=Latin}\p{M}*)[\u0307\u0323\u0325\u0326\u0327\u0331]/gu;
/** `İ`, `I`, `ı` and `i`: which are one pair of letters depends on the language, and nobody's name shows it. */
const ONE_I = /(?<=i)\u0307|\u0131/g;

/**
 * What the standard leaves out: strokes that Hangul, Han and kana share with each other and with Latin, circles, and
 * flags, which some systems show as the two letters that they are coded by. As pairs of it: alike, prototype.
 */
const MORE: readonly (readonly [string, string])[] = [
  ...(
    [
      ["ᅵ丨", "l"],
      ["ᅳ一ー", "-"],
      ["〜", "~"],
      ["ᄋᆼ○◯〇", "O"],
      ["ᄆᆷロ", "口"],
      ["ᄉᆺ", "人"],
      ["ᅡト", "卜"],
      ["ᄌᆽ", "ス"],
    ] as const
  ).flatMap(([alike, one]) => [...alike].map((each) => [each, one] as const)),
  ...Array.from({ length: 26 }, (_, n) => [String.fromCodePoint(0x1f1e6 + n), letter(n)] as const),
];
const skeletonOf = createSkeleton(MORE);

/** @param nickname one that was accepted. */
export function nicknameKeys(nickname: string): NicknameKeys {
  const plain = nickname.replace(UNSEEN, "").normalize("NFKC");
  return {
    key: folded(plain).replace(ONE_I, (i) => (i === "ı" ? "i" : "")),
    skeleton: SKELETON_VERSION + look(plain),
  };
}

/**
 * What the name looks like, letter by letter, as it is written: capital and small letters of one sound look different
 * (`I` is like `l`, `i` is not). Hangul is taken apart, so that single vowels meet the strokes they look like.
 */
export function look(text: string): string {
  return folded(skeletonOf(text.normalize("NFD")).replace(OVERLOOKED, ""));
}

/** Case folded. Upper before lower, since folding must meet `ß` with `SS` and final with other sigmas. */
function folded(text: string): string {
  const lower = text.toUpperCase().toLowerCase().normalize("NFKC");
  return lower.replaceAll("ς", "σ").replace(SPACES, " ").trim();
}

function letter(n: number): string {
  return String.fromCharCode(0x41 + n);
}
