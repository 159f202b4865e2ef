/** Tells of an outage of Kafka once, when it begins and when it is over: nothing is lost by it, and chat does not wait for it. */
import type { KafkaUnavailable } from "../../shared/server/kafka/outages.ts";
import type { Log } from "../../shared/server/process/logger.ts";
import type { KafkaMetrics } from "./kafka-metrics.ts";

export function createOutage(
  { up, fences, errors }: Pick<KafkaMetrics, "up" | "fences" | "errors">,
  log: Log,
) {
  let since: Date | undefined;
  let failures = 0;

  return {
    /** To be called with each failure. @returns how many came before it. */
    met(error: KafkaUnavailable): number {
      const { kind } = error;
      errors.inc({ kind });
      up.set(0);
      if (kind === "fenced") {
        fences.inc();
        log.info("another publisher took over, and is taken over from");
      } else if (since === undefined) {
        since = new Date();
        log.warn(
          { err: error, kind, since: since.toISOString() },
          "Kafka is away: what is stored waits for it in PostgreSQL",
        );
      }
      return failures++;
    },

    /** To be called with each success. */
    isOver(): void {
      up.set(1);
      if (since) log.info({ since: since.toISOString(), failures }, "Kafka is back");
      since = undefined;
      failures = 0;
    },
  };
}
