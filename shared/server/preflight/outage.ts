/** One outage of a store in this process: a line when it begins, and one with its cause and refusals when it ends. */
import type { Log } from "../process/logger.ts";
import { Unavailable } from "../process/unavailable.ts";
import { codeOf, reasonOf, type StoreName } from "./store-address.ts";

/** Clean looks in a row that end an outage: a store that is barely full refuses now and then. */
const CLEAN_LOOKS = 2;
/** Serialization, deadlock and a lock that was not there in time: one transaction fails, and PostgreSQL is well. */
const OF_ONE_TRANSACTION: ReadonlySet<string> = new Set(["40001", "40P01", "55P03"]);

/** @param now a clock in ms. */
export function createStoreOutage(store: StoreName, log: Log, now: () => number = () => performance.now()) {
  let current: { cause: string; since: number; refusals: number } | undefined;
  let cleanLooks = 0;
  let total = 0;

  return {
    /** @param isRefusal false: the connection failed, and no caller waited for it. */
    met(error: unknown, isRefusal: boolean): void {
      const cause = error instanceof Unavailable ? (error.cause ?? error) : error;
      if (OF_ONE_TRANSACTION.has(codeOf(cause))) return;
      begin(reasonOf(cause));
      if (!isRefusal || !current) return;
      current.refusals++;
      total++;
    },

    /** @param reason of an outage that a look found; undefined: the store is well. */
    looked(reason: string | undefined): void {
      if (reason !== undefined) begin(reason);
      else if (current && ++cleanLooks >= CLEAN_LOOKS) end();
    },

    /** Why it is away or refuses; undefined when it is well. */
    get cause(): string | undefined {
      return current?.cause;
    },

    /** Refusals of the life of this process. */
    get refusals(): number {
      return total;
    },
  };

  function begin(cause: string): void {
    cleanLooks = 0;
    if (current) return;
    current = { cause, since: now(), refusals: 0 };
    log.warn({ store, cause }, "a store is away or refuses");
  }

  function end(): void {
    if (!current) return;
    const { cause, refusals, since } = current;
    const seconds = Math.round((now() - since) / 100) / 10;
    log.info({ store, cause, refusals, seconds }, "the store answers again");
    current = undefined;
  }
}
