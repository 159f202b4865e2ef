/** Parses a command line strictly, and answers a mistake with the usage and the nearest option. */
import { parseArgs } from "node:util";
import { suggestionFor } from "../../../shared/server/process/setting-sources.ts";
import { HelpAsked, Problem } from "./problem.ts";

export type Shape = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>["options"]>;

/** @throws Problem with the mistake and the usage, HelpAsked. */
export function parsed<const T extends Shape>(args: string[], usage: string, words: number, options: T) {
  const own = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  if (own.includes("--help") || own.includes("-h")) throw new HelpAsked(usage);
  try {
    const found = parseArgs({ args, options, allowPositionals: true });
    const extra = found.positionals.slice(words);
    if (extra.length > 0) throw new Error(`Nothing is known of ${JSON.stringify(extra.join(" "))}`);
    return found;
  } catch (error) {
    const [, unknown] = /^Unknown option '(-[^']*)'/.exec((error as Error).message) ?? [];
    const known = Object.keys(options).map((name) => `--${name}`);
    const words = unknown
      ? `${unknown}: no such option${suggestionFor(unknown, known)}`
      : (error as Error).message;
    throw new Problem(`${words}\n${usage}`);
  }
}
