/**
 * `npm run bench -- archive --rows 5000000 --days 1103 --seconds 10`
 * Measures, and prints figures as docs/measurements.md has them, in a cluster of its own, or in the one of `--data DIR`, where what it filled is kept
 * for another run. `archive`: years of messages in, out and read. `partitions`: ten years of days. `retention`: years of days and a large room leave.
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
const [subject, ...args] = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const isSubject = (name: string | undefined): name is keyof typeof SUBJECTS =>
  Object.hasOwn(SUBJECTS, name ?? "");

if (!isSubject(subject)) {
  const names = Object.keys(SUBJECTS).join("|");
  process.stderr.write(`npm run bench -- ${names} --rows N --days N --seconds S --readers N --data DIR\n`);
  process.exit(1);
}
const { run, env, rows, days, seconds } = SUBJECTS[subject];
const options = readOptions(args, { rows, days, seconds, readers: 48, rounds: 3 }, { data: undefined });
const own = options.data ? undefined : await startLocalCluster({ env });
try {
  const isGood = await run({ ...options, data: own?.data ?? options.data }, say);
  say(`cluster and generator together on ${describeMachine()}`);
  process.exitCode = isGood ? 0 : 1;
} finally {
  await own?.stop();
}
