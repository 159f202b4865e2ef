/**
 * How well a name fits what was typed of it. Hangul is compared letter by letter as keyboards type it, so that every state of a syllable
 * under way fits (한 on the way to 하늘), and by first consonants (ㅎㄴ).
 */

const FIRST = 0xac00;
const LAST = 0xd7a3;
const INITIALS = [..."ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"];
const VOWELS = "ㅏ ㅐ ㅑ ㅒ ㅓ ㅔ ㅕ ㅖ ㅗ ㅗㅏ ㅗㅐ ㅗㅣ ㅛ ㅜ ㅜㅓ ㅜㅔ ㅜㅣ ㅠ ㅡ ㅡㅣ ㅣ".split(" ");
const FINALS =
  " ㄱ ㄲ ㄱㅅ ㄴ ㄴㅈ ㄴㅎ ㄷ ㄹ ㄹㄱ ㄹㅁ ㄹㅂ ㄹㅅ ㄹㅌ ㄹㅍ ㄹㅎ ㅁ ㅂ ㅂㅅ ㅅ ㅆ ㅇ ㅈ ㅊ ㅋ ㅌ ㅍ ㅎ".split(
    " ",
  );
/** Single letters that a keyboard makes of two. */
const PAIRS = new Map(
  Object.entries({
    ㄳ: "ㄱㅅ",
    ㄵ: "ㄴㅈ",
    ㄶ: "ㄴㅎ",
    ㄺ: "ㄹㄱ",
    ㄻ: "ㄹㅁ",
    ㄼ: "ㄹㅂ",
    ㄽ: "ㄹㅅ",
    ㄾ: "ㄹㅌ",
    ㄿ: "ㄹㅍ",
    ㅀ: "ㄹㅎ",
    ㅄ: "ㅂㅅ",
  }),
);
const CONSONANTS = /^[ㄱ-ㅎ]+$/;

const fold = (text: string): string => text.normalize("NFC").toLowerCase();

function syllable(char: string): { initial: string; letters: string } | undefined {
  const code = char.charCodeAt(0);
  if (code < FIRST || code > LAST) return undefined;
  const index = code - FIRST;
  const initial = INITIALS[Math.floor(index / 588)] ?? "";
  const letters = `${initial}${VOWELS[Math.floor((index % 588) / 28)] ?? ""}${FINALS[index % 28] ?? ""}`;
  return { initial, letters };
}

const lettersOf = (text: string): string =>
  Array.from(text, (char) => syllable(char)?.letters ?? PAIRS.get(char) ?? char).join("");
const initialsOf = (text: string): string =>
  Array.from(text, (char) => syllable(char)?.initial ?? char).join("");

/** @returns 0 for the best fit, up to 3: the beginning of the name, its first consonants, within, consonants within; undefined: none. */
export function matchName(name: string, typed: string): number | undefined {
  const [whole, query] = [fold(name), fold(typed)];
  const [letters, sought] = [lettersOf(whole), lettersOf(query)];
  if (letters.startsWith(sought)) return 0;
  const initials = CONSONANTS.test(sought) ? initialsOf(whole) : "";
  if (initials.startsWith(sought)) return 1;
  if (letters.includes(sought)) return 2;
  return initials.includes(sought) ? 3 : undefined;
}
