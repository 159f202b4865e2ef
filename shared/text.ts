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

/** How many grapheme clusters (what a person calls characters) `text` has. */
export function graphemes(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let count = 0;
  for (const _ of segmenter.segment(text)) count++;
  return count;
}

/** Control characters other than tab and line breaks: no keyboard makes them, PostgreSQL cannot keep one of them. */
const CONTROL = /[^\P{Cc}\t\n\r]/u;

export type PreparedText = { ok: true; text: string } | { ok: false; code: "empty" | "too_long" | "invalid" };

/**
 * The form in which a message is sent, delivered and stored: lone surrogates replaced, NFC, trimmed.
 * @param maxChars longest text in grapheme clusters; besides, at most MESSAGE_BYTES of UTF-8.
 */
export function prepareText(raw: string, maxChars: number): PreparedText {
  const text = raw.toWellFormed().normalize("NFC").trim();
  if (INVISIBLE.test(text)) return { ok: false, code: "empty" };
  if (CONTROL.test(text)) return { ok: false, code: "invalid" };
  // Every UTF-16 unit is at least one byte: a cheap refusal before anything is encoded or counted.
  if (text.length > MESSAGE_BYTES || encoder.encode(text).length > MESSAGE_BYTES) {
    return { ok: false, code: "too_long" };
  }
  return graphemes(text) > maxChars ? { ok: false, code: "too_long" } : { ok: true, text };
}
