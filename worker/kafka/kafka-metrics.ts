/** The metrics of the publisher, which exist only in a worker with a Kafka in its settings. */
import { Counter, Gauge, type Registry } from "../../shared/server/process/metrics.ts";

export type KafkaMetrics = ReturnType<typeof createKafkaMetrics>;
/** `events`: by their seqs. `ms`: how long the news waits that has been known longest. */
type Lag = { events: () => number; ms: () => number };

export function createKafkaMetrics(registry: Registry, lag: Lag) {
  const registers = [registry];
  new Gauge({
    name: "suda_kafka_lag_events",
    help: "Stored events that Kafka lacks, by their seqs",
    registers,
    collect() {
      this.set(lag.events());
    },
  });
  new Gauge({
    name: "suda_kafka_lag_seconds",
    help: "How long the news waits for Kafka that this process has known longest",
    registers,
    collect() {
      this.set(lag.ms() / 1_000);
    },
  });
  return {
    up: new Gauge({
      name: "suda_kafka_up",
      help: "1 while this process publishes to Kafka; 0 while Kafka is away, and in a process that stands by",
      registers,
    }),
    published: new Counter({
      name: "suda_kafka_published_total",
      help: "Records that Kafka has committed, by topic",
      labelNames: ["topic"],
      registers,
    }),
    transactions: new Counter({
      name: "suda_kafka_transactions_total",
      help: "Transactions by outcome: committed, or failed, whose records are published again unless Kafka has them",
      labelNames: ["outcome"],
      registers,
    }),
    fences: new Counter({
      name: "suda_kafka_fences_total",
      help: "How often another publisher took the place of this one",
      registers,
    }),
    errors: new Counter({
      name: "suda_kafka_errors_total",
      help: "Failures of Kafka by kind",
      labelNames: ["kind"],
      registers,
    }),
    heldDays: new Gauge({
      name: "suda_kafka_held_days",
      help: "1 while a day past the retention is kept because Kafka lacks events of it",
      registers,
    }),
  };
}
