/** The output of all converters: lines for `npm run import`, with valid names of rooms. */
import { createHash } from "node:crypto";
import { TITLE_CHARS } from "../../shared/limits.ts";

export type ArchiveLine = {
  room: string;
  title?: string;
  at: number;
  user: { nickname?: string; email?: string };
  clientId?: string;
  text?: string;
  deleted?: true;
};

const NAME_CHARS = 32;

/** @returns the same name for the same channel: lower-case letters, digits and hyphens, or a digest if none is left. */
export function roomNameOf(channel: string): string {
  const plain = channel
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  if (plain !== "" && plain.length <= NAME_CHARS && !/[^\p{ASCII}]/u.test(channel)) return plain;
  const digest = createHash("sha256").update(channel).digest("hex").slice(0, 8);
  const begin = plain.slice(0, NAME_CHARS - digest.length - 1).replace(/-+$/, "");
  return begin === "" ? `room-${digest}` : `${begin}-${digest}`;
}

/** @returns the channel's name, cut to the length of a title. */
export const titleOf = (channel: string): string => Array.from(channel).slice(0, TITLE_CHARS).join("");

/** Writes the lines to standard output, as fast as the reader takes them. */
export async function writeLines(lines: Iterable<ArchiveLine>): Promise<void> {
  for (const line of lines) {
    if (process.stdout.write(`${JSON.stringify(line)}\n`)) continue;
    await new Promise((resolve) => process.stdout.once("drain", resolve));
  }
}
