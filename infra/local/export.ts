/** `npm run -s export -- --room R --from DAY --to DAY --out FILE --data DIR`: writes an archive for the import. */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { EVERY_DAY, exportArchive } from "../../worker/exchange/export.ts";
import { createProgress } from "../../worker/exchange/progress.ts";
import { readOptions } from "./cli/options.ts";
import { Problem, runCommand } from "./cli/problem.ts";
import { withPostgres } from "./cluster/with-stores.ts";

const USAGE = "npm run -s export -- --room R --from DAY --to DAY --out FILE --data DIR";
const DAY = /^\d{4}-\d{2}-\d{2}$/;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

await runCommand(async () => {
  const { values, data } = readOptions(process.argv.slice(2), USAGE, 0, {
    room: { type: "string" },
    from: { type: "string", default: EVERY_DAY.from },
    to: { type: "string", default: EVERY_DAY.to },
    out: { type: "string" },
  });
  const { room, from, to, out } = values as { room?: string; from: string; to: string; out?: string };
  for (const day of [from, to])
    if (!DAY.test(day) || Number.isNaN(Date.parse(day)))
      throw new Problem(`${day} is no day like 2026-11-22`);
  // Private, because the file contains the messages.
  const sink = out === undefined ? process.stdout : createWriteStream(out, { mode: 0o600 });
  let failure: Error | undefined;
  sink.on("error", (error) => {
    failure = error;
  });
  const progress = createProgress("lines", say, { count: 0 });
  const exported = await withPostgres(data, (sql) =>
    exportArchive({
      ...{ sql, room, days: { from, to } },
      async write(text) {
        if (failure) throw failure;
        if (!sink.write(text)) await once(sink, "drain");
      },
      onProgress: (count) => progress.tell({ count }),
    }),
  );
  if (sink !== process.stdout) {
    sink.end();
    await finished(sink);
  }
  progress.end({ count: exported.lines });
  if (exported.leftOut > 0) say(`${exported.leftOut} archived rooms are left out: name one with --room`);
});
