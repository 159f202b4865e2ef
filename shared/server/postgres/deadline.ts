/** The way to PostgreSQL: no use of it hangs, whatever the network or the server does. */
import type { Sql } from "./pool.ts";

export type Database = ReturnType<typeof openDatabase>;

/** @param open makes a pool; called again whenever one had to be given up. */
export function openDatabase(open: () => Sql) {
  let current = open();

  function giveUp(pool: Sql): void {
    if (pool === current) current = open();
    // Refuses what is under way, so that whoever waits for it sees an outage.
    void pool.end({ timeout: 0 });
  }

  /**
   * Does `work` with a pool. A server that says nothing (stopped, cut off without a reset, a relay without a server) fails
   * it after `limitMs` like any other outage; whether PostgreSQL did it all the same is unknown.
   */
  async function use<T>(limitMs: number, work: (sql: Sql) => Promise<T>): Promise<T> {
    const pool = current;
    let watched = pool;
    // Again and again: of several statements a later one may wait for the pool that took this one's place.
    const watchdog = setInterval(() => {
      giveUp(watched);
      watched = current;
    }, limitMs);
    try {
      return await work(pool);
    } finally {
      clearInterval(watchdog);
    }
  }

  return {
    use,
    /** Whichever pool is in use by the time of a query. */
    sql: new Proxy(current, {
      apply: (_, self, args) => Reflect.apply(current, self, args),
      get: (_, name) => Reflect.get(current, name),
    }),
    /** Queries made of this pool, each of which fails after `limitMs` as an outage. */
    bounded<Q extends { [name: string]: (...args: never[]) => Promise<unknown> }>(
      limitMs: number,
      queries: Q,
    ): Q {
      const entries = Object.entries(queries).map(([name, ask]) => [
        name,
        (...args: never[]) => use(limitMs, () => ask(...args)),
      ]);
      return Object.fromEntries(entries) as Q;
    },
    close: () => current.end({ timeout: 1 }),
  };
}
