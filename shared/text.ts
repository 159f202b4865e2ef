/**
 * What a message's text is, decided by the same function on both sides of the wire.
 * Needs Intl.Segmenter, which k6 lacks: k6 imports the other files of shared/ but not this one.
 */
import { MESSAGE_BYTES } from "./limits.ts";

const segmenter = new Intl.Segmenter("und", { granularity: "grapheme" });
const encoder = new TextEncoder();

/** One code point, one grapheme cluster: printable ASCII, precomposed Hangul, compatibility jamo. */
const PLAIN = /^[\x20-\x7e\u3131-\u318e\uac00-\ud7a3]*$/;
/** White space, default-ignorable and control characters: nothing that a reader could see. */
const INVISIBLE = /^[\s\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\u2800]*$/u;

/** Whether a reader would see nothing of it. */
export const isInvisible = (text: string): boolean => INVISIBLE.test(text);

/** How many grapheme clusters (what a person calls characters) `text` has. */
export function graphemes(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let count = 0;
  for (const _ of segmenter.segment(text)) count++;
  return count;
}

/** What some programs break lines with: Word's Shift+Enter, a form feed, and the separators of Unicode. */
const LINE_BREAK = /[\v\f\x85\u2028\u2029]/g;
/** Control characters that show nothing. Not NUL, which is no text to PostgreSQL: it is refused. */
const CONTROL = /[^\P{Cc}\0\t\n\r]/gu;

/** More marks on one letter than any living script puts there; those of one letter fit into its line. */
const MARKS_MAX = 5;
const MARK = /[\p{Mn}\p{Me}]/u;
/** A letter's marks, also with what nobody sees between them. */
const MARKS = /(?:[\p{Mn}\p{Me}][\p{Default_Ignorable_Code_Point}--\p{M}]*)+/gv;

/** Takes away what paints over the lines around it: all but the first few marks of each letter. */
function withFewMarks(text: string): string {
  return text.replace(MARKS, (run) => {
    if (run.length <= MARKS_MAX) return run;
    let marks = 0;
    return Array.from(run, (char) => (MARK.test(char) && ++marks > MARKS_MAX ? "" : char)).join("");
  });
}

/**
 * What is left of a text as typed or pasted: lone surrogates replaced, control characters taken out or made line breaks, NFC, a few
 * marks on each letter, trimmed. Cleaning twice is cleaning once.
 */
export const cleanText = (raw: string): string =>
  withFewMarks(raw.toWellFormed().replace(LINE_BREAK, "\n").replace(CONTROL, "").normalize("NFC")).trim();

export type PreparedText = { ok: true; text: string } | { ok: false; code: "empty" | "too_long" | "invalid" };

/**
 * The form in which a message is sent, delivered and stored: that of `cleanText`. `invalid`: it holds NUL.
 * @param maxChars longest text in grapheme clusters; besides, at most MESSAGE_BYTES of UTF-8.
 */
export function prepareText(raw: string, maxChars: number): PreparedText {
  const text = cleanText(raw);
  if (isInvisible(text)) return { ok: false, code: "empty" };
  if (text.includes("\0")) return { ok: false, code: "invalid" };
  // Every UTF-16 unit is at least one byte: a cheap refusal before anything is encoded or counted.
  if (text.length > MESSAGE_BYTES || encoder.encode(text).length > MESSAGE_BYTES) {
    return { ok: false, code: "too_long" };
  }
  return graphemes(text) > maxChars ? { ok: false, code: "too_long" } : { ok: true, text };
}
