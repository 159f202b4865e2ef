/**
 * Cleans, validates and measures message texts, by the same functions on both sides of the wire.
 * Needs Intl.Segmenter, which k6 lacks, so k6 imports other files of shared/ but not this one.
 */
import { MESSAGE_BYTES } from "./limits.ts";
import type { Mention } from "./server-frames.ts";

const segmenter = new Intl.Segmenter("und", { granularity: "grapheme" });
const encoder = new TextEncoder();

/**
 * Texts in which each code point is one grapheme cluster: printable ASCII, precomposed Hangul, compatibility jamo. Most are of this kind,
 * and there is nothing to clean in them.
 */
const PLAIN = /^[\x20-\x7e\u3131-\u318e\uac00-\ud7a3]*$/;
/** Texts without a visible character: white space, default-ignorable and control characters. */
const INVISIBLE = /^[\s\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\u2800]*$/u;

/** Whether a text has no visible character. */
export const isInvisible = (text: string): boolean => INVISIBLE.test(text);

/** The number of grapheme clusters in `text`, which people call characters. */
export function graphemes(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let count = 0;
  for (const _ of segmenter.segment(text)) count++;
  return count;
}

/** Line breaks other than \n: Word's Shift+Enter, a form feed, and Unicode's separators. */
const LINE_BREAK = /[\v\f\x85\u2028\u2029]/g;
/** Invisible control characters. Without NUL, because a text with NUL is refused: PostgreSQL cannot store it. */
const CONTROL = /[^\P{Cc}\0\t\n\r]/gu;

/** Max combining marks on one letter: more than any living script needs, and few enough not to cover other lines. */
const MARKS_MAX = 5;
const MARK = /[\p{Mn}\p{Me}]/u;
/** The marks of a letter, with invisible characters between them. */
const MARKS = /(?:[\p{Mn}\p{Me}][\p{Default_Ignorable_Code_Point}--\p{M}]*)+/gv;

/** Removes all but the first MARKS_MAX marks of each letter, because a tower of marks covers the lines around it. */
function withFewMarks(text: string): string {
  return text.replace(MARKS, (run) => {
    if (run.length <= MARKS_MAX) return run;
    let marks = 0;
    return Array.from(run, (char) => (MARK.test(char) && ++marks > MARKS_MAX ? "" : char)).join("");
  });
}

/**
 * Cleans a text as typed or pasted: replaces lone surrogates, removes control characters or turns them into line breaks, normalizes
 * to NFC, limits the marks on each letter, and trims. Idempotent.
 */
export function cleanText(raw: string): string {
  if (PLAIN.test(raw)) return raw.trim();
  const cleaned = raw.toWellFormed().replace(LINE_BREAK, "\n").replace(CONTROL, "").normalize("NFC");
  return withFewMarks(cleaned).trim();
}

/** The people whom a text may mention, and as how many characters each mention counts. */
export type Mentioning = { people: readonly { id: string; nickname: string }[]; mentionChars: number };

/** Letters of scripts that put spaces between words, and digits: a name that ends with one goes no further into a longer word. */
const LETTER = /[\w\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]/u;
const LETTERS = new RegExp(`${LETTER.source}$`, "u");
const LETTER_FIRST = new RegExp(`^${LETTER.source}`, "u");

/** @returns where a text has `@nickname` of these people: longest names first, none within another, in order. */
export function findMentions(text: string, people: Mentioning["people"]): Mention[] {
  const found: Mention[] = [];
  const isFree = (from: number, to: number): boolean =>
    found.every(({ start, length }) => to <= start || start + length <= from);
  for (const { id, nickname } of [...people].sort((a, b) => b.nickname.length - a.nickname.length)) {
    const name = `@${nickname}`;
    for (let start = text.indexOf(name); start >= 0; start = text.indexOf(name, start + 1)) {
      const end = start + name.length;
      if (isWhole(text, start, end) && isFree(start, end)) found.push({ id, start, length: name.length });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

/** Whether both ends are those of characters, and the end is not in the middle of a word. */
function isWhole(text: string, start: number, end: number): boolean {
  if (LETTERS.test(text.slice(start, end)) && LETTER_FIRST.test(text.slice(end))) return false;
  const characters = segmenter.segment(text);
  const isEdge = (at: number): boolean => at === text.length || characters.containing(at)?.index === at;
  return isEdge(start) && isEdge(end);
}

/** @returns the number of characters of a text as the limit counts them. @param mentions in order. */
export function countChars(text: string, mentions: readonly Mention[], mentionChars: number): number {
  let chars = mentions.length * mentionChars;
  let from = 0;
  for (const { start, length } of mentions) {
    chars += graphemes(text.slice(from, start));
    from = start + length;
  }
  return chars + graphemes(text.slice(from));
}

export type PreparedText =
  | { ok: true; text: string; mentions?: Mention[] }
  | { ok: false; code: "empty" | "too_long" | "invalid" };

/**
 * Cleans a text with `cleanText` and checks that it may be sent, delivered and stored. `invalid`: it contains NUL.
 * @param maxChars longest text in grapheme clusters; its UTF-8 must also fit into MESSAGE_BYTES.
 * @param mentioning only with it the text has mentions.
 */
export function prepareText(raw: string, maxChars: number, mentioning?: Mentioning): PreparedText {
  const text = cleanText(raw);
  if (isInvisible(text)) return { ok: false, code: "empty" };
  if (text.includes("\0")) return { ok: false, code: "invalid" };
  if (isTooLarge(text)) return { ok: false, code: "too_long" };
  if (mentioning) {
    const mentions = findMentions(text, mentioning.people);
    const isTooLong = countChars(text, mentions, mentioning.mentionChars) > maxChars;
    return isTooLong ? { ok: false, code: "too_long" } : { ok: true, text, mentions };
  }
  // A cluster has one UTF-16 unit at least, and to find the clusters of a text costs more than all else about a message.
  const isTooLong = text.length > maxChars && graphemes(text) > maxChars;
  return isTooLong ? { ok: false, code: "too_long" } : { ok: true, text };
}

/** Whether it has more than MESSAGE_BYTES. Few texts are encoded to find out: a UTF-16 unit is one byte at least and three at most. */
function isTooLarge(text: string): boolean {
  if (text.length > MESSAGE_BYTES) return true;
  return text.length * 3 > MESSAGE_BYTES && encoder.encode(text).length > MESSAGE_BYTES;
}
