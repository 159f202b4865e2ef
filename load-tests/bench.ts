/**
 * `npm run bench -- archive --rows 5000000 --days 1103 --seconds 10`
 * Measures, and prints the figures of docs/measurements.md. `archive`: an archive of years in a new cluster, or in the
 * one of `--data DIR`, where it stays for another run.
 */
import { benchArchive } from "./archive-bench.ts";
import { describeMachine } from "./machine.ts";
import { readOptions } from "./options.ts";
import { startLocalCluster } from "./support/local-cluster.ts";

const [subject, ...args] = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

if (subject !== "archive") {
  process.stderr.write("npm run bench -- archive --rows N --days N --seconds S --readers N --data DIR\n");
  process.exit(1);
}
const options = readOptions(
  args,
  { rows: 5_000_000, days: 1_103, seconds: 10, readers: 48, rounds: 3 },
  { data: undefined },
);
const own = options.data ? undefined : await startLocalCluster();
try {
  const isGood = await benchArchive({ ...options, data: own?.data ?? options.data }, say);
  say(`cluster and generator together on ${describeMachine()}`);
  process.exitCode = isGood ? 0 : 1;
} finally {
  await own?.stop();
}
