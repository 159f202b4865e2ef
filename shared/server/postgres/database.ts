/**
 * The door to PostgreSQL: no statement hangs, even if the network or the server does, and no more of them are under
 * way than the pool has connections. Further ones wait at a gate, because the library would pipeline them behind other
 * statements, up to a hundred, where a `begin` loses its connection to others (library-faults.int.test.ts). A
 * transaction counts as one from begin to end; its statements do not wait. Owns gate and deadline; pool.ts owns how a
 * pool is opened.
 */
import { createGate, type Gate, type GateBounds } from "../process/gate.ts";
import { Unavailable } from "../process/unavailable.ts";
import { gated } from "./gated-statement.ts";
import { postgresError } from "./outages.ts";
import type { Sql } from "./pool.ts";

export type Database = ReturnType<typeof openDatabase>;
export type DatabaseBounds = Omit<GateBounds, "running" | "pace"> & {
  /**
   * A statement without an answer within this time is an outage, unless its caller gives another limit. Time at the
   * gate is not counted.
   */
  limitMs: number;
  /** Told of each statement or transaction that fails in an outage. */
  onOutage?: (error: unknown) => void;
};
/** `asker`: the key by which statements take turns. */
type Asker = { asker: string; limitMs: number };
type Pool = { sql: Sql; gate: Gate };
type Queries = { [name: string]: (...args: never[]) => Promise<unknown> };

const DEFAULTS: DatabaseBounds = { waiting: 10_000, waitMs: 3_000, limitMs: 10_000 };

/** @param open opens a pool; called again each time one was given up. */
export function openDatabase(open: () => Sql, bounds: Partial<DatabaseBounds> = {}) {
  const { limitMs, onOutage, ...places } = { ...DEFAULTS, ...bounds };
  let current = openPool();

  return {
    /** Uses the pool that is current at the time of each statement or transaction. */
    sql: viewOf({ asker: "", limitMs }),

    /** Runs `work` with this time limit for each of its statements and transactions. */
    use: <T>(ownLimitMs: number, work: (sql: Sql) => Promise<T>): Promise<T> =>
      work(viewOf({ asker: "", limitMs: ownLimitMs })),

    /**
     * Queries that take turns by their first argument, usually a room or a user.
     * @param create is called for each query, so it must have no state.
     */
    bounded<Q extends Queries>(ownLimitMs: number, create: (sql: Sql) => Q): Q {
      const names = Object.keys(create(current.sql));
      const entries = names.map((name) => [
        name,
        async (...args: never[]) => {
          const [asker = ""]: unknown[] = args;
          const queries = create(viewOf({ asker: String(asker), limitMs: ownLimitMs }));
          return queries[name]?.(...args);
        },
      ]);
      return Object.fromEntries(entries) as Q;
    },

    /** Statements and transactions that wait for a connection. */
    get waiting() {
      return current.gate.waiting;
    },

    async close(): Promise<void> {
      current.gate.close(new Unavailable("the way to PostgreSQL is closed"));
      await current.sql.end({ timeout: 1 });
    },
  };

  function openPool(): Pool {
    const sql = open();
    return { sql, gate: createGate({ ...places, running: sql.options.max }) };
  }

  /** Fails all waiting and running statements as an outage. */
  function giveUp(pool: Pool): void {
    if (pool === current) current = openPool();
    pool.gate.close(new Unavailable("PostgreSQL does not answer"));
    void pool.sql.end({ timeout: 0 });
  }

  function viewOf(asker: Asker): Sql {
    return new Proxy(current.sql, {
      apply(_, self, args) {
        const pool = current;
        return gated(Reflect.apply(pool.sql, self, args), () => enter(pool, asker), notice);
      },
      get(_, name) {
        const pool = current;
        if (name === "begin") return (...args: Parameters<Sql["begin"]>) => begin(pool, args, asker);
        if (name === "unsafe")
          return (...args: Parameters<Sql["unsafe"]>) =>
            gated(pool.sql.unsafe(...args), () => enter(pool, asker), notice);
        return Reflect.get(pool.sql, name);
      },
    });
  }

  function notice(error: unknown): void {
    const met = postgresError(error);
    if (met instanceof Unavailable) onOutage?.(met);
  }

  async function begin(pool: Pool, args: Parameters<Sql["begin"]>, asker: Asker): Promise<unknown> {
    let leave = (): void => undefined;
    try {
      leave = await enter(pool, asker);
      return await pool.sql.begin(...args);
    } catch (error) {
      notice(error);
      throw error;
    } finally {
      leave();
    }
  }

  /** Waits for a connection. @returns a function that gives it back. */
  async function enter(pool: Pool, { asker, limitMs }: Asker): Promise<() => void> {
    const leave = await pool.gate.enter(asker);
    const watchdog = setTimeout(() => giveUp(pool), limitMs);
    return () => {
      clearTimeout(watchdog);
      leave();
    };
  }
}
