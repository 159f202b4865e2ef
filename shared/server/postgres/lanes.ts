/**
 * Lanes to PostgreSQL: connections and a gate for one kind of work each, so that no kind waits behind another. Owns how
 * lanes are opened and counted; each one is a database.ts.
 */
import { Gauge, Histogram, type Registry } from "../process/metrics.ts";
import { type DatabaseBounds, openDatabase } from "./database.ts";
import { connectPostgres } from "./pool.ts";

export type OpenLane = ReturnType<typeof createLanes>;
export type LaneOptions = Partial<Omit<DatabaseBounds, "onStart" | "onOutage">> & {
  connections: number;
  /** `statement_timeout`, ms. */
  statementMs?: number;
  /** The connections carry state, such as a lock. */
  isSession?: boolean;
};

const WAIT_SECONDS = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 8];

/**
 * @param process the name that PostgreSQL shows for the connections.
 * @returns a function that opens a lane; the lane's name is the label of its metrics.
 */
export function createLanes(
  url: string,
  process: string,
  registry: Registry,
  onOutage?: DatabaseBounds["onOutage"],
) {
  const registers = [registry];
  const waited = new Histogram({
    name: "suda_postgres_wait_seconds",
    help: "How long statements and transactions waited for a connection to PostgreSQL",
    labelNames: ["lane"],
    buckets: WAIT_SECONDS,
    registers,
  });
  const waiting = new Map<string, () => number>();
  new Gauge({
    name: "suda_postgres_waiting",
    help: "Statements and transactions that wait for a connection to PostgreSQL",
    labelNames: ["lane"],
    registers,
    collect() {
      for (const [lane, count] of waiting) this.set({ lane }, count());
    },
  });

  return function openLane(
    lane: string,
    { connections, statementMs, isSession = false, ...bounds }: LaneOptions,
  ) {
    const options = { name: process, max: connections, isSession, ...(statementMs ? { statementMs } : {}) };
    const database = openDatabase(() => connectPostgres(url, options), {
      ...bounds,
      ...(onOutage ? { onOutage } : {}),
      onStart: (ms) => waited.observe({ lane }, ms / 1_000),
    });
    waiting.set(lane, () => database.waiting);
    return database;
  };
}
