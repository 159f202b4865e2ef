/**
 * Command lines of the measurements. A mistake prints one line and starts nothing. Zero is a mistake: it proves
 * nothing.
 */
import { parseArgs } from "node:util";

type Words = Record<string, string | undefined>;
export type Options<N extends string, W extends Words> = Record<N, number> & {
  [K in keyof W]: string | W[K];
};

/** @throws Error unless `raw` is a whole number from 1, in plain digits. */
export function wholeFromOne(name: string, raw: string | undefined): number {
  if (!/^[1-9]\d{0,8}$/.test(raw ?? "")) throw new Error(`--${name}: a whole number from 1`);
  return Number(raw);
}

/** @throws Error unless `raw` is a number above 0, such as 0.5. */
export function aboveZero(name: string, raw: string): number {
  if (!/^\d{1,6}(\.\d{1,3})?$/.test(raw) || Number(raw) === 0) throw new Error(`--${name}: a number above 0`);
  return Number(raw);
}

/**
 * @param numbers options that are whole numbers from 1, and `words` all others, each with its default.
 * @throws Error with a message for the user.
 */
export function readOptions<const N extends string, const W extends Words>(
  args: string[],
  numbers: Record<N, number>,
  words: W,
): Options<N, W> {
  const names = [...Object.keys(numbers), ...Object.keys(words)];
  const { values } = parseArgs({
    args,
    options: Object.fromEntries(names.map((name) => [name, { type: "string" as const }])),
  });
  const given = values as Words;
  const read = Object.entries<number>(numbers).map(([name, usual]) => [
    name,
    given[name] === undefined ? usual : wholeFromOne(name, given[name]),
  ]);
  return { ...words, ...given, ...Object.fromEntries(read) } as Options<N, W>;
}

/** Like `readOptions`, but a mistake prints the line and ends the process with code 1. */
export function optionsOrLeave<const N extends string, const W extends Words>(
  numbers: Record<N, number>,
  words: W,
): Options<N, W> {
  try {
    return readOptions(process.argv.slice(2), numbers, words);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(1);
  }
}
