/** The counts of commands, and a few lines about those that are not executed, because anybody who can write into the topic can flood it. */

import type { Answer } from "../../shared/kafka-commands.ts";
import { createLineLimit } from "../../shared/server/process/line-limit.ts";
import type { Log } from "../../shared/server/process/logger.ts";
import { Counter, type Registry } from "../../shared/server/process/metrics.ts";
import { outcomeOf } from "./answer.ts";

/** @param now a monotonic clock, in milliseconds. */
export function createReport(log: Pick<Log, "warn">, registry: Registry, now = () => performance.now()) {
  const answered = new Counter({
    name: "suda_kafka_commands_total",
    help: "Commands from Kafka that were answered here",
    labelNames: ["outcome"],
    registers: [registry],
  });
  const tell = createLineLimit((fields: object) => log.warn(fields, "a command was not executed"), now);

  return (answer: Answer): void => {
    const outcome = outcomeOf(answer);
    answered.inc({ outcome });
    if (answer.ok || answer.repeated) return;
    const { record, key, code } = answer;
    tell({ outcome, record, key, code });
  };
}
