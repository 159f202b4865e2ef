/**
 * `npm run bench -- archive --rows 5000000 --days 1103 --seconds 10`: measures the archive in a cluster of its own, or in the one of `--data DIR`,
 * where what it filled is kept for another run. `archive`: years of messages in, out and read. `partitions`: ten years of days. `retention`: years of
 * days and a large room leave.
 */
import { benchArchive } from "./archive-bench.ts";
import { describeMachine } from "./machine.ts";
import { readOptions } from "./options.ts";
import { benchPartitions } from "./partition-bench.ts";
import { benchRetention, RETENTION_ENV } from "./retention-bench.ts";
import { startLocalCluster } from "./support/local-cluster.ts";

const SUBJECTS = {
  archive: { run: benchArchive, env: {}, rows: 5_000_000, days: 1_103, seconds: 10 },
  partitions: { run: benchPartitions, env: {}, rows: 1_000_000, days: 3_650, seconds: 120 },
  retention: { run: benchRetention, env: RETENTION_ENV, rows: 5_000_000, days: 1_100, seconds: 60 },
};
export type ArchiveSubject = keyof typeof SUBJECTS;

export const ARCHIVE_SUBJECTS = Object.keys(SUBJECTS);
export const isArchiveSubject = (name: string | undefined): name is ArchiveSubject =>
  Object.hasOwn(SUBJECTS, name ?? "");

/** @returns whether every bound holds. @throws Error with a line for the user when an option is wrong. */
export async function runArchiveSubject(
  subject: ArchiveSubject,
  args: string[],
  say: (line: string) => void,
): Promise<boolean> {
  const { run, env, rows, days, seconds } = SUBJECTS[subject];
  const options = readOptions(args, { rows, days, seconds, readers: 48, rounds: 3 }, { data: undefined });
  const own = options.data ? undefined : await startLocalCluster({ env });
  try {
    const isGood = await run({ ...options, data: own?.data ?? options.data }, say);
    say(`cluster and generator together on ${describeMachine()}`);
    return isGood;
  } finally {
    await own?.stop();
  }
}
