/** The tones of skin that an emoji may have, from light to dark. */

export const TONES = [0x1f3fb, 0x1f3fc, 0x1f3fd, 0x1f3fe, 0x1f3ff].map((code) => String.fromCodePoint(code));

/** @returns the emoji with a tone on its first picture. @param tone 1 to 5. */
export const inTone = (emoji: string, tone: number): string =>
  emoji.replace(/^(.)\ufe0f?/u, `$1${TONES[tone - 1] ?? ""}`);
