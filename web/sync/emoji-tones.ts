/** The tones of skin that an emoji may have, from light to dark. */
import type { EmojiRow } from "./emoji.ts";

export const TONES = [0x1f3fb, 0x1f3fc, 0x1f3fd, 0x1f3fe, 0x1f3ff].map((code) => String.fromCodePoint(code));

/** @returns the emoji with a tone on its first picture. @param tone 1 to 5. */
export const inTone = (emoji: string, tone: number): string =>
  emoji.replace(/^(.)\ufe0f?/u, `$1${TONES[tone - 1] ?? ""}`);

/** @returns the emoji of a row in a tone. @param tone 0: without one. */
export function toned(row: EmojiRow, tone: number): string {
  const [emoji, , , , , tones] = row;
  return tone === 0 || !tones ? emoji : (tonesOf(row)[tone - 1] ?? emoji);
}

/** @returns the emoji of a row in its five tones; none: it has no skin. */
export function tonesOf([emoji, , , , , tones]: EmojiRow): readonly string[] {
  return tones === true ? [1, 2, 3, 4, 5].map((tone) => inTone(emoji, tone)) : (tones ?? []);
}
