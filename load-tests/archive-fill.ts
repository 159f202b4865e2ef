/** An archive of years, imported into a running cluster: one large room with two fifths of all rows, nineteen small ones. */
import { once } from "node:events";
import { join } from "node:path";
import { BIG_ROOM } from "./archive-fixture.ts";
import { readBackends } from "./cluster.ts";
import { findLastSeq, refreshStatistics } from "./queries.ts";
import { ROOT } from "./support/commands.ts";
import { spawnChild } from "./support/spawn.ts";

/** `rows`: number of rows of the large room, with seqs from 1 on. */
export type Filled = { room: string; rows: number };
export type Size = { days: number; rows: number };

const ROOMS = 20;
const LARGE_SHARE = 0.4;

/**
 * Fills the archive, unless an earlier run has.
 * @param data folder of the cluster.
 * @throws Error when the import fails.
 */
export async function fillArchive(
  data: string | undefined,
  size: Size,
  say: (line: string) => void,
): Promise<Filled> {
  const { databaseUrl } = readBackends(data);
  const present = await findLastSeq(databaseUrl, BIG_ROOM);
  if (present > 0) return { room: BIG_ROOM, rows: present };
  const rows = Math.round(size.rows * LARGE_SHARE);
  const fixture = { rows: size.rows, days: size.days, rooms: ROOMS, big: rows };
  const words = Object.entries(fixture).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const lines = spawnChild(
    {},
    process.execPath,
    [join(ROOT, "load-tests/archive-fixture.ts"), ...words],
    ["ignore", "pipe", "inherit"],
  );
  const where = data === undefined ? [] : ["--data", data];
  const writing = spawnChild(
    {},
    process.execPath,
    [join(ROOT, "infra/local/import.ts"), "-", ...where],
    ["pipe", "inherit", "pipe"],
  );
  writing.stderr?.on("data", (text: Buffer) => say(text.toString().trimEnd()));
  if (lines.stdout && writing.stdin) lines.stdout.pipe(writing.stdin);
  const [code] = await once(writing, "exit");
  if (code !== 0) throw new Error(`the import ended with ${code}`);
  await refreshStatistics(databaseUrl);
  return { room: BIG_ROOM, rows };
}
