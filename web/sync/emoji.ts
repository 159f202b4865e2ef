/** All emoji that can be picked, with their names. They are a script of their own, fetched when it is first needed. */

/** `names`: the name in a language, and behind a `|` other words for it. `tones`: five of skin; true: on the first picture. */
export type EmojiRow = readonly [
  emoji: string,
  group: number,
  shortcodes: string,
  namesEn: string,
  namesKo: string,
  tones?: true | readonly string[],
];

/** The first name in a language; in English where there is none. */
export const nameOf = ([, , , en, ko]: EmojiRow, language: string): string =>
  (language === "ko" ? ko : en).split("|")[0] ?? "";

let rows: Promise<readonly EmojiRow[]> | undefined;

/** @throws the browser's error when they could not be fetched; the next call tries again. */
export function loadEmoji(): Promise<readonly EmojiRow[]> {
  rows ??= import("emoji-data").then(
    (found) => found.default,
    (error) => {
      rows = undefined;
      throw error;
    },
  );
  return rows;
}
