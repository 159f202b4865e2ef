/** The metrics of the worker. */
import { Counter, createRegistry, Gauge, Histogram } from "../shared/server/process/metrics.ts";

export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics() {
  const registry = createRegistry();
  const registers = [registry];
  return {
    registry,
    pendingEvents: new Gauge({
      name: "suda_archive_pending_events",
      help: "Events in Redis that PostgreSQL does not have yet",
      registers,
    }),
    lagSeconds: new Gauge({
      name: "suda_archive_lag_seconds",
      help: "Age of the oldest event that PostgreSQL does not have yet",
      registers,
    }),
    archived: new Counter({
      name: "suda_archived_total",
      help: "Events written to PostgreSQL by this process; a repeated batch counts again",
      registers,
    }),
    deadLetters: new Counter({
      name: "suda_dead_letters_total",
      help: "Events that could not be written and were set aside with their reason",
      registers,
    }),
    takenSeqs: new Gauge({
      name: "suda_taken_seqs",
      help: "Acknowledged events of the last ten minutes that are no rows, because another event has their seq; any is an alarm",
      registers,
    }),
    redisMemoryRatio: new Gauge({
      name: "suda_redis_memory_ratio",
      help: "Memory that Redis uses, as a share of maxmemory, or of its machine if there is none",
      registers,
    }),
    internalErrors: new Counter({
      name: "suda_internal_errors_total",
      help: "Internal errors, each of which failed one room or one run of a task",
      labelNames: ["where"],
      registers,
    }),
    batchSeconds: new Histogram({
      name: "suda_archive_batch_seconds",
      help: "Time from reading a batch from Redis to committing it in PostgreSQL",
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
  };
}
