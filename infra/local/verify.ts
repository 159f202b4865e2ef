/** `npm run verify -- --data DIR --json`: checks that the archive is complete. Exit code 1 if it is not. */
import { SETTINGS } from "../../shared/server/process/settings.ts";
import { openRoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import { createProgress } from "../../worker/exchange/progress.ts";
import { type Verified, verifyArchive } from "../../worker/exchange/verify.ts";
import { readCommandOptions } from "./cli/options.ts";
import { Problem, runCommand } from "./cli/problem.ts";
import { withPostgres, withRedis } from "./cluster/with-stores.ts";

const USAGE = "npm run verify -- --data DIR --json";
/** Required by the store, but only heads are read from Redis. */
const BOUNDS = { events: SETTINGS.logEvents.fallback, ms: 0, bytes: 0 };
/** The number of printed findings of each kind; `--json` has all. */
const SHOWN = 50;

await runCommand(async () => {
  const { data, json } = readCommandOptions(process.argv.slice(2), USAGE, { more: "json" });
  const progress = createProgress("rows", (line) => void process.stderr.write(`${line}\n`));
  const verified = await withRedis(data, (redis, keys) =>
    withPostgres(data, (sql) =>
      verifyArchive({
        sql,
        heads: openRoomLogStore(redis, keys, BOUNDS).heads,
        onProgress: (count, share) => progress.tell({ count, share }),
      }),
    ),
  );
  process.stdout.write(json ? `${JSON.stringify(verified)}\n` : shown(verified));
  const { faults } = verified;
  const first = faults.slice(0, 3).map(({ room, fault }) => `${room} ${fault}`);
  if (faults.length > 0) throw new Problem(`${faults.length} faults: ${first.join("; ")}`);
});

function shown({ rooms, days, rows, jumps, deadLetters, faults }: Verified): string {
  const lines = [
    ...limited(jumps, ({ room, after, to }) => `     ${room}: an epoch begins, from seq ${after} to ${to}`),
    ...limited(
      deadLetters,
      ({ room, seq, reason }) => `     ${room}: seq ${seq} is a dead letter: ${reason}`,
    ),
    ...limited(faults, ({ room, fault }) => `FAIL ${room}: ${fault}`),
    `${faults.length === 0 ? "ok  " : "FAIL"} ${rows} rows of ${rooms} rooms on ${days} days: ${faults.length} faults, ${deadLetters.length} dead letters`,
  ];
  return `${lines.join("\n")}\n`;
}

function limited<T>(all: readonly T[], line: (one: T) => string): string[] {
  const lines = all.slice(0, SHOWN).map(line);
  return all.length > SHOWN ? [...lines, `     and ${all.length - SHOWN} more`] : lines;
}
