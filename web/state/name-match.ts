/**
 * Finds names by what a person types: without regard to case, accents and width, and Hangul also by first consonants and within a
 * syllable that is still being typed. So ㅎㄴ, 하, 한 and 하느 all find 하늘. Pure.
 */

const SYLLABLE_FIRST = 0xac00;
const SYLLABLE_LAST = 0xd7a3;
/** The vowels of syllables, in the order of Unicode, each as the keys that an input method joins to it. */
const VOWELS = "ㅏ ㅐ ㅑ ㅒ ㅓ ㅔ ㅕ ㅖ ㅗ ㅗㅏ ㅗㅐ ㅗㅣ ㅛ ㅜ ㅜㅓ ㅜㅔ ㅜㅣ ㅠ ㅡ ㅡㅣ ㅣ".split(" ");
const FINALS = 28;
/** The first consonants of syllables, in the order of Unicode. */
const INITIALS = [..."ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"];
/** The last consonants of syllables, in the order of Unicode, each as the consonants that an input method joins to it. */
const ENDINGS =
  "- ㄱ ㄲ ㄱㅅ ㄴ ㄴㅈ ㄴㅎ ㄷ ㄹ ㄹㄱ ㄹㅁ ㄹㅂ ㄹㅅ ㄹㅌ ㄹㅍ ㄹㅎ ㅁ ㅂ ㅂㅅ ㅅ ㅆ ㅇ ㅈ ㅊ ㅋ ㅌ ㅍ ㅎ"
    .replace("-", "")
    .split(" ");
/** An input method joins two consonants that are typed one after the other. */
const JOINED: ReadonlyMap<string, string> = new Map([
  ["ㄳ", "ㄱㅅ"],
  ["ㄵ", "ㄴㅈ"],
  ["ㄶ", "ㄴㅎ"],
  ["ㄺ", "ㄹㄱ"],
  ["ㄻ", "ㄹㅁ"],
  ["ㄼ", "ㄹㅂ"],
  ["ㄽ", "ㄹㅅ"],
  ["ㄾ", "ㄹㅌ"],
  ["ㄿ", "ㄹㅍ"],
  ["ㅀ", "ㄹㅎ"],
  ["ㅄ", "ㅂㅅ"],
]);

/** The lower, the better: the name begins so, a word in it begins so, it stands anywhere. */
export type MatchRank = 0 | 1 | 2;

/** @returns how well `name` matches `typed`; undefined: not at all. An empty `typed` matches every name. */
export function matchRank(name: string, typed: string): MatchRank | undefined {
  const letters = folded(name);
  const wanted = folded(typed).flatMap(spread);
  let best: MatchRank | undefined;
  for (let at = 0; at + wanted.length <= letters.length + 1 && best !== 0; at++) {
    if (!continues(letters, at, wanted)) continue;
    const rank = at === 0 ? 0 : startsWord(letters, at) ? 1 : 2;
    if (best === undefined || rank < best) best = rank;
  }
  return best;
}

/** @returns the items with a matching name, the best first; equally good ones keep their order. */
export function matching<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  typed: string,
): readonly Item[] {
  return items
    .map((item) => ({ item, rank: matchRank(nameOf(item), typed) }))
    .filter((each) => each.rank !== undefined)
    .sort((one, other) => Number(one.rank) - Number(other.rank))
    .map(({ item }) => item);
}

/** Characters without case, width and accents. Hangul stays in whole syllables, and single consonants stay as they are typed. */
function folded(text: string): string[] {
  const plain = text.replaceAll(/[^\u3131-\u318e]+/g, (part) =>
    part
      .normalize("NFKD")
      .replaceAll(/[\u0300-\u036f]/g, "")
      .normalize("NFC"),
  );
  return [...plain.toLowerCase().trim()];
}

/** A joined consonant of an input method as the two that were typed. */
const spread = (letter: string): string[] => [...(JOINED.get(letter) ?? letter)];

const startsWord = (letters: readonly string[], at: number): boolean =>
  /[^\p{L}\p{N}]/u.test(letters[at - 1] ?? " ");

/** Whether `wanted` stands at `at`. The last syllable may be unfinished. */
function continues(letters: readonly string[], at: number, wanted: readonly string[]): boolean {
  return wanted.every((each, n) => {
    const letter = letters[at + n];
    if (letter === undefined) return false;
    if (letter === each || initialOf(letter) === each) return true;
    return n === wanted.length - 1 && isUnfinished(each, letter, letters[at + n + 1]);
  });
}

/** Whether `typed` may become `letter`, or `letter` and the beginning of `next`: its last consonant belongs to either. */
function isUnfinished(typed: string, letter: string, next: string | undefined): boolean {
  const [one, other] = [partsOf(typed), partsOf(letter)];
  if (!one || !other || one.initial !== other.initial) return false;
  if (one.vowel !== other.vowel) return one.ending === 0 && other.vowel.startsWith(one.vowel);
  const ending = ENDINGS[one.ending] ?? "";
  const kept = ENDINGS[other.ending] ?? "";
  if (kept.startsWith(ending)) return true;
  return ending.startsWith(kept) && initialOf(next ?? "") === ending.slice(kept.length);
}

const initialOf = (letter: string): string | undefined => partsOf(letter)?.initial;

/** Undefined for all but syllables. */
function partsOf(letter: string) {
  const code = letter.codePointAt(0) ?? 0;
  if (code < SYLLABLE_FIRST || code > SYLLABLE_LAST) return undefined;
  const number = code - SYLLABLE_FIRST;
  const open = Math.floor(number / FINALS);
  return {
    initial: INITIALS[Math.floor(open / VOWELS.length)],
    vowel: VOWELS[open % VOWELS.length] ?? "",
    ending: number % FINALS,
  };
}
