/** `npm run import -- FILE --append --abandon --data DIR`: imports an archive. `-` is standard input. */
import { createReadStream, statSync } from "node:fs";
import { setPriority } from "node:os";
import { SETTINGS } from "../../shared/server/process/settings.ts";
import { openRoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import { abandon, importArchive } from "../../worker/exchange/import.ts";
import type { Progress } from "../../worker/exchange/import-queries.ts";
import { openInput } from "../../worker/exchange/input.ts";
import { createProgress } from "../../worker/exchange/progress.ts";
import { readOptions } from "./cli/options.ts";
import { Problem, runCommand } from "./cli/problem.ts";
import { withPostgres, withRedis } from "./cluster/with-stores.ts";

const USAGE = "npm run import -- FILE --append --abandon --data DIR (- is standard input)";
/** One for writing rows, one for reading ahead for the next rows. */
const CONNECTIONS = 2;
/** A lower priority than the chat has. */
const NICE = 10;
/** The gateways decide the bounds of a log; nothing is trimmed here. */
const BOUNDS = { events: SETTINGS.logEvents.fallback, ms: 0, bytes: 0 };

const say = (line: string): void => void process.stderr.write(`${line}\n`);

await runCommand(async () => {
  const { values, words, data } = readOptions(process.argv.slice(2), USAGE, 1, {
    append: { type: "boolean", default: false },
    abandon: { type: "boolean", default: false },
  });
  const [file] = words;
  if (file === undefined) throw new Problem(USAGE);
  const isPiped = file === "-";
  const size = isPiped ? undefined : statSync(file).size;
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopping.abort());
  setPriority(NICE);
  const input = await openInput(isPiped ? process.stdin : createReadStream(file, { highWaterMark: 1 << 20 }));
  const shareOf = ({ bytes }: Progress) => (size === undefined ? undefined : bytes / size);

  await withRedis(data, (redis, keys) =>
    withPostgres(
      data,
      async (sql) => {
        const logs = openRoomLogStore(redis, keys, BOUNDS);
        if (values.abandon) return tellAbandoned(await abandon({ sql, logs, input }));
        let progress = createProgress("lines", say);
        const imported = await importArchive({
          ...{ sql, logs, input, append: values.append, signal: stopping.signal },
          rejectedPath: isPiped ? "import.rejected" : `${file}.rejected`,
          onResume(from) {
            say(`goes on after ${from.lines} lines`);
            progress = createProgress("lines", say, { count: from.lines, share: shareOf(from) });
          },
          onOutage: (reason) => say(`waits for a store: ${reason}`),
          onProgress: (reached) => progress.tell({ count: reached.lines, share: shareOf(reached) }),
        });
        progress.end({ count: imported.lines });
        tellEnd(imported);
      },
      CONNECTIONS,
    ),
  );
});

function tellEnd({ finished, already, rejected, rooms }: Awaited<ReturnType<typeof importArchive>>): void {
  if (!finished) throw new Problem("stopped: the same command goes on here");
  say(already ? "all of it was imported before" : `${rooms} rooms are open`);
  if (rejected > 0)
    throw new Problem(`${rejected} lines were rejected: see the file beside, with the reasons`);
}

function tellAbandoned(names: string[] | undefined): void {
  if (names === undefined) throw new Problem("no import of this is under way");
  say(`given up; ${names.length} names are free again`);
}
