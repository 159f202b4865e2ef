/** Finds emoji by what a person types: names in both languages, other words for them, and shortcodes. Pure. */
import type { EmojiRow } from "../sync/emoji.ts";
import { matchRank } from "./name-match.ts";

/** @returns the rows of which each typed word is a name, a word or a shortcode, or begins one; the best first, then as Unicode orders them. */
export function searchEmoji(rows: readonly EmojiRow[], typed: string): readonly EmojiRow[] {
  const words = typed.trim().replaceAll(":", "").split(/\s+/);
  if (words[0] === "") return [];
  return rows
    .map((row) => ({ row, rank: rankOf(row, words) }))
    .filter(({ rank }) => rank !== undefined)
    .sort((one, other) => Number(one.rank) - Number(other.rank))
    .map(({ row }) => row);
}

/** @returns the rows with a shortcode that is `typed`, then those in which it begins one, the shortest first, then a word in one. */
export function completeShortcode(rows: readonly EmojiRow[], typed: string): readonly EmojiRow[] {
  const sought = typed.toLowerCase();
  const rankIn = ([, , codes]: EmojiRow): number => {
    const ranks = codes
      .split(" ")
      .map((code) =>
        code === sought
          ? 0
          : code.startsWith(sought)
            ? 1 + code.length / 100
            : code.includes(`_${sought}`)
              ? 2
              : 3,
      );
    return Math.min(...ranks);
  };
  return rows
    .map((row) => ({ row, rank: rankIn(row) }))
    .filter(({ rank }) => rank < 3)
    .sort((one, other) => one.rank - other.rank)
    .map(({ row }) => row);
}

/** @returns the row of each shortcode. */
export const emojiOfCode = (rows: readonly EmojiRow[]): ReadonlyMap<string, EmojiRow> =>
  new Map(rows.flatMap((row) => row[2].split(" ").map((code) => [code, row])));

/** The lower, the better; undefined: a word does not match at all. */
function rankOf([emoji, , codes, en, ko]: EmojiRow, words: readonly string[]): number | undefined {
  let sum = 0;
  for (const word of words) {
    const best =
      word === emoji || codes.split(" ").includes(word.toLowerCase()) ? 0 : rankInNames([en, ko], word);
    if (best === undefined) return undefined;
    sum += best;
  }
  return sum;
}

function rankInNames(names: readonly string[], word: string): number | undefined {
  const ranks = names.flatMap((both) =>
    both.split("|").map((part, n) => {
      const rank = matchRank(part, word);
      // In the middle of a word only Hangul, which puts particles and other words together.
      if (rank === undefined || (rank === 2 && !/\p{Script=Hangul}/u.test(word))) return 9;
      return rank + n * 2 + 1;
    }),
  );
  const best = Math.min(...ranks);
  return best < 9 ? best : undefined;
}
