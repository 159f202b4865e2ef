/** The counts of commands, and a few lines about those that are not executed, because anybody who can write into the topic can flood it. */

import type { Answer } from "../../shared/kafka-commands.ts";
import type { Log } from "../../shared/server/process/logger.ts";
import { Counter, type Registry } from "../../shared/server/process/metrics.ts";
import { outcomeOf } from "./answer.ts";

/** Beyond this rate answers are only counted. */
const LINES_PER_MINUTE = 20;
const MINUTE_MS = 60_000;

/** @param now a monotonic clock, in milliseconds. */
export function createReport(log: Pick<Log, "warn">, registry: Registry, now = () => performance.now()) {
  const answered = new Counter({
    name: "suda_kafka_commands_total",
    help: "Commands from Kafka that were answered here",
    labelNames: ["outcome"],
    registers: [registry],
  });
  let minute = Number.NEGATIVE_INFINITY;
  let lines = 0;
  let omitted = 0;

  return (answer: Answer): void => {
    const outcome = outcomeOf(answer);
    answered.inc({ outcome });
    if (answer.ok || answer.repeated) return;
    if (now() - minute >= MINUTE_MS) {
      minute = now();
      lines = 0;
    }
    if (lines === LINES_PER_MINUTE) {
      omitted++;
      return;
    }
    lines++;
    const { record, key, code } = answer;
    log.warn(
      { outcome, record, key, code, ...(omitted > 0 ? { omitted } : {}) },
      "a command was not executed",
    );
    omitted = 0;
  };
}
