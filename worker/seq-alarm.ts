/**
 * The alarm for events whose seq another event has. They were acknowledged and are no rows, which can only be if two writers
 * believe in two logs: two clusters on one database. So it is in the log, the metrics, the readiness and the status until ten
 * minutes have passed without another one.
 */
import type { Database } from "../shared/server/postgres/database.ts";
import type { Log } from "../shared/server/process/logger.ts";
import { createDeadLetterQueries } from "./event-queries.ts";
import type { Health } from "./health.ts";
import type { Metrics } from "./metrics.ts";
import type { Task } from "./repeat.ts";

const KEPT_MS = 600_000;
const CHECK_MS = 1_000;
const LIMIT_MS = 5_000;
const PART = "log";

type SeqAlarmDeps = { database: Database; health: Health; metrics: Pick<Metrics, "takenSeqs">; log: Log };

export function createSeqAlarm({ database, health, metrics, log }: SeqAlarmDeps) {
  const startedAt = performance.now();
  let taken = 0;

  const wordsOf = (count: number): string =>
    `${count} acknowledged ${count === 1 ? "message is no row" : "messages are no rows"}: another one has the seq; two clusters write to this database`;

  async function check(): Promise<false> {
    const before = taken;
    const aliveMs = performance.now() - startedAt;
    taken = await database.use(LIMIT_MS, (sql) =>
      createDeadLetterQueries(sql).countSeqsTaken(KEPT_MS, aliveMs),
    );
    metrics.takenSeqs.set(taken);
    if (taken > 0) health.bad(PART, wordsOf(taken));
    else health.good(PART);
    if (taken > 0 && before === 0)
      log.error({ taken }, "ALARM: a seq was given twice, so two clusters write to this database");
    if (taken === 0 && before > 0) log.info("no seq was given twice for ten minutes");
    return false;
  }

  const task: Task = { name: "seqs", run: check, everyMs: CHECK_MS };
  return {
    task,
    /** The alarm in a line; undefined while there is none. */
    current: (): string | undefined => (taken > 0 ? wordsOf(taken) : undefined),
  };
}
