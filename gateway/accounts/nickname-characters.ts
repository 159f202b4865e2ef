/**
 * The characters of a nickname: those in use (UTS 39), in scripts that readers expect together ("highly restrictive"),
 * emoji without letters on them, and some ornament. Joiners only where they are visible, marks on Latin letters only
 * where a language has them. Pure. Takes the text as stored, in NFC.
 */
import { domainToASCII } from "node:url";
import { isInUse } from "../../shared/server/identity/unicode-security.ts";

/**
 * Hangul, Latin and katakana as keyboards of other widths type them, single letters of Hangul, and the vowel `am` of
 * Thai and Lao.
 */
const TYPED = /[\uff01-\uff3a\uff3f-\uff5a\uff5e\uff66-\uff9f\u3131-\u3163\u0e33\u0eb3]/u;
/** ASCII, and signs that people of many languages put beside letters. All are visible, none is a letter. */
const ORNAMENT =
  /[ -~¡¿§«»‹›“”‘’‚„–—―‐‧·•…※€£¥₩、。〃〈〉《》「」『』【】〔〕〜・ー☆★♡♥♤♠♧♣♢♦♩♪♫♬♭♯○●◎◇◆□■△▲▽▼]/u;
/** Emoji with letters on them or that pass for letters: in circles and squares, trademarks, boxed digits. */
const LETTERED = /\u20e3|[\xa9\xae\u2122\u2139\u24c2\u3297\u3299\u{1f100}-\u{1f1e5}\u{1f200}-\u{1f2ff}]/u;
const EMOJI = /\p{RGI_Emoji}|\p{Extended_Pictographic}\ufe0f?|[☆★♡♥♤♠♧♣♢♦♪♫♬]\ufe0f?/gv;

/** A joiner with as many letters around it as IDNA's rules look at. */
const JOINED = /[\p{L}\p{M}\u200c\u200d]*[\u200c\u200d][\p{L}\p{M}\u200c\u200d]*/gu;
const JOINERS = /[\u200c\u200d]/g;

/** Marks without a base, or more of them on one base than any living script stacks. */
const STACKED = /^\p{M}|[^\p{L}\p{M}\p{N}\u200c\u200d]\p{M}|\p{M}{5,}/u;
/** Pairs of a letter and a mark for which Unicode has no letter of its own: NFC leaves the mark. */
const MARKED = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]\p{M}+/gu;
/** Tones on vowels (Yoruba, Igbo, Ewe, Navajo, Lithuanian), and letters of Guarani, Marshallese, and West Africa. */
const MARKED_IN_USE =
  /^(?:[aeiouyæøœɛɔəɩʋạẹịọụąęįǫų][\u0300-\u0304\u030c]|[gn]\u0303|[mnṃṇ][\u0300\u0301\u0304]|[mno]\u0327|r\u0304|[аеиоуыэюяєіїө][\u0300\u0301\u0304])$/iu;

/** The scripts of the characters in use, by groups that are read together. */
const COVERS = [
  ["Latin", "Han", "Hiragana", "Katakana"],
  ["Latin", "Hangul", "Han"],
  ["Latin", "Bopomofo", "Han"],
  ...["Arabic", "Armenian", "Bengali", "Cyrillic", "Devanagari", "Ethiopic", "Georgian", "Greek", "Gujarati"],
  ...["Gurmukhi", "Hebrew", "Kannada", "Khmer", "Lao", "Malayalam", "Myanmar", "Oriya", "Sinhala", "Tamil"],
  ...["Telugu", "Thaana", "Thai", "Tibetan"],
].map((cover) => {
  const scripts = ["Common", "Inherited", ...[cover].flat()].map(
    (script) => `\\p{Script_Extensions=${script}}`,
  );
  return new RegExp(`^[${scripts.join("")}]*$`, "u");
});

/** Whether all characters may stand in a nickname, and may do so together. */
export function isWritable(nickname: string): boolean {
  const words = nickname.replace(EMOJI, (emoji) => (LETTERED.test(emoji) ? emoji : " "));
  if (STACKED.test(words)) return false;
  for (const [joined] of words.matchAll(JOINED)) if (domainToASCII(joined) === "") return false;
  for (const [marked] of words.matchAll(MARKED)) if (!MARKED_IN_USE.test(marked)) return false;
  const bare = words.replace(JOINERS, "");
  return [...bare].every(isKnown) && COVERS.some((cover) => cover.test(bare));
}

const isKnown = (char: string): boolean => ORNAMENT.test(char) || TYPED.test(char) || isInUse(char);
