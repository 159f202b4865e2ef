/**
 * The door of commands from Kafka: one gateway at a time reads them and executes them in the name of their bots. Loaded only where the
 * settings name brokers and keys. Owns who reads, and from where.
 */

import type { KafkaAccess } from "../../shared/server/kafka/client.ts";
import { openKafka } from "../../shared/server/kafka/client.ts";
import type { Sql } from "../../shared/server/postgres/pool.ts";
import { type SoleTask, startSoleTask } from "../../shared/server/postgres/sole-task.ts";
import type { CommandKey } from "../../shared/server/process/kafka-settings.ts";
import type { Log } from "../../shared/server/process/logger.ts";
import type { Registry } from "../../shared/server/process/metrics.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { ReportInternalError } from "../internal-errors.ts";
import { createCommandStore } from "./command-store.ts";
import { createExecution, type ExecutionDeps } from "./execute.ts";
import { createReport } from "./report.ts";
import { createSettle } from "./settle.ts";
import { createTake } from "./take.ts";

export type CommandsDeps = {
  /** Of a lane with one connection that is kept (`isSession`). */
  sql: Sql;
  keys: readonly CommandKey[];
  /** `topic`: that of the commands, which the worker makes. */
  kafka: { access: KafkaAccess; name: string; topic: string };
  bots: { idOf: (key: string) => string; ensure: (key: string, role: CommandKey["role"]) => Promise<void> };
  execution: ExecutionDeps;
  log: Log;
  registry: Registry;
  onInternalError: ReportInternalError;
};

/** An arbitrary lock number that nothing else in this database uses. */
const COMMANDS_LOCK = 7_834_212;
const NOTED_EVERY_MS = 60_000;

export function openCommands(deps: CommandsDeps) {
  const { sql, keys, bots, log, onInternalError } = deps;
  const { access, name, topic } = deps.kafka;
  const kafka = openKafka(access, name);
  const store = createCommandStore(sql, topic);
  const settle = createSettle({
    ...{ store, execution: createExecution(deps.execution), botOf: bots.idOf, onInternalError },
  });
  const onAnswer = createReport(log, deps.registry);
  let task: SoleTask | undefined;
  let notedAt = Number.NEGATIVE_INFINITY;

  return {
    /**
     * Makes the accounts of the bots.
     * @throws Refused when one cannot have its name; Unavailable.
     */
    async prepare(): Promise<void> {
      for (const { name, role } of keys) await bots.ensure(name, role);
      await store.readOffsets();
    },

    start(): void {
      task ??= startSoleTask({ sql, lock: COMMANDS_LOCK, run, onError });
    },

    async close(): Promise<void> {
      await task?.stop();
      await kafka.close();
    },
  };

  async function run(signal: AbortSignal): Promise<void> {
    const offsets = await store.readOffsets();
    const take = createTake({ keys, store, settle, onAnswer, onInternalError }, offsets);
    const tail = kafka.tail({
      topics: [topic],
      from: new Map([[topic, new Map(offsets)]]),
      // A transaction that somebody never ends would hold all later commands back, and those of aborted ones are signed too.
      committed: false,
      onRecords: (records) => take(records, signal),
      onOutage: noteAway,
    });
    const stop = (): void => void tail.stop();
    signal.addEventListener("abort", stop, { once: true });
    try {
      if (!signal.aborted) await tail.ended;
    } finally {
      signal.removeEventListener("abort", stop);
      await tail.stop();
    }
  }

  function onError(error: unknown): void {
    if (error instanceof Unavailable) noteAway(error);
    else onInternalError(error, "task", { task: "commands" });
  }

  /** Once a minute while it lasts. */
  function noteAway(error: Unavailable): void {
    if (performance.now() - notedAt < NOTED_EVERY_MS) return;
    notedAt = performance.now();
    log.warn({ err: error }, "no commands are taken: Kafka or PostgreSQL is away");
  }
}
