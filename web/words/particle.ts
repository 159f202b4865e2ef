/**
 * The Korean particle 로 or 으로 after a word: by the word's last sound, 로 after a vowel and after ㄹ.
 * Latin letters and digits are read as a Korean reader would: "Tom으로", "Anna로", "7로".
 */

const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;
const FINALS = 28;
const RIEUL = 8;
/** Digits that end in a consonant other than ㄹ: 영, 삼, 육. */
const CLOSED_DIGITS = "036";
/** Letters after which a reader hears a consonant other than ㄹ. */
const CLOSED_LETTERS = "bcdgkmnpt";
/** After the last sound: marks of direction, punctuation, emoji. */
const UNREAD = /[^\p{L}\p{N}]+$/u;

/** @returns "로" or "으로"; "(으)로" for a word whose last sound is not known. */
export function toward(word: string): string {
  const last = [...word.replace(UNREAD, "")].at(-1)?.normalize("NFC").toLowerCase() ?? "";
  const code = last.codePointAt(0) ?? 0;
  if (code >= FIRST_SYLLABLE && code <= LAST_SYLLABLE) {
    const final = (code - FIRST_SYLLABLE) % FINALS;
    return final === 0 || final === RIEUL ? "로" : "으로";
  }
  if (/[0-9]/.test(last)) return CLOSED_DIGITS.includes(last) ? "으로" : "로";
  if (/[a-z]/.test(last)) return CLOSED_LETTERS.includes(last) ? "으로" : "로";
  return "(으)로";
}
