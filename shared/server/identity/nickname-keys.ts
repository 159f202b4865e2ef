/**
 * Decides when two nicknames collide: they read alike (equal keys) or look alike (equal skeletons). Shared, because the worker
 * computes missing skeletons of older names and `mint` creates names.
 */
import { createSkeleton } from "./unicode-security.ts";

export type NicknameKeys = { key: string; skeleton: string };

/**
 * Prefix of each skeleton, which tells it from those of older releases in the same column. Increase it when the rules or the
 * Unicode data change; the worker then recomputes all skeletons.
 */
export const SKELETON_VERSION = "2:";

/** Characters that are invisible by themselves, such as variation selectors and joiners. They are ignored. */
const UNSEEN = /\p{Default_Ignorable_Code_Point}/gu;
const SPACES = /\p{Zs}+/gu;
/**
 * Marks below a Latin letter, and the dot above, which readers overlook. They are ignored, so of two names that differ only by
 * such a mark one can be taken.
 */
const OVERLOOKED = /(?<=\p{Script=Latin}\p{M}*)[\u0307\u0323\u0325\u0326\u0327\u0331]/gu;
/** `İ`, `I`, `ı` and `i` count as one letter, because the language decides which of them are a pair and a name does not show it. */
const ONE_I = /(?<=i)\u0307|\u0131/g;

/**
 * Pairs (character, prototype) that the standard lacks: strokes that Hangul, Han and kana share with each other and with Latin,
 * circles, and flags, which some systems show as their two letters.
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

/** @param nickname a valid one. */
export function nicknameKeys(nickname: string): NicknameKeys {
  const plain = nickname.replace(UNSEEN, "").normalize("NFKC");
  return {
    key: folded(plain).replace(ONE_I, (i) => (i === "ı" ? "i" : "")),
    skeleton: SKELETON_VERSION + look(plain),
  };
}

/**
 * The appearance of a name, letter by letter. Case matters, because `I` looks like `l` and `i` does not. Hangul is decomposed,
 * so that single vowels match the strokes that they look like.
 */
export function look(text: string): string {
  return folded(skeletonOf(text.normalize("NFD")).replace(OVERLOOKED, ""));
}

/** Case folded: first to upper case, because only then `ß` equals `SS` and a final sigma equals the other ones. */
function folded(text: string): string {
  const lower = text.toUpperCase().toLowerCase().normalize("NFKC");
  return lower.replaceAll("ς", "σ").replace(SPACES, " ").trim();
}

function letter(n: number): string {
  return String.fromCharCode(0x41 + n);
}
