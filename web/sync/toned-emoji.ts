/** The emoji of a row in the tones of skin that it may have. */
import type { EmojiRow } from "./emoji.ts";
import { inTone } from "./emoji-tones.ts";

/** @returns the emoji of a row in a tone. @param tone 0: without one. */
export function toned(row: EmojiRow, tone: number): string {
  const [emoji, , , , , tones] = row;
  return tone === 0 || !tones ? emoji : (tonesOf(row)[tone - 1] ?? emoji);
}

/** @returns the emoji of a row in its five tones; none: it has no skin. */
export function tonesOf([emoji, , , , , tones]: EmojiRow): readonly string[] {
  return tones === true ? [1, 2, 3, 4, 5].map((tone) => inTone(emoji, tone)) : (tones ?? []);
}
