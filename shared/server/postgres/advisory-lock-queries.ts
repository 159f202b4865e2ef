/** SQL of a lock that a session holds until it ends. Only for lanes of one connection that is kept (`isSession`). */
import type { Db } from "./pool.ts";

export function createAdvisoryLockQueries(db: Db) {
  return {
    /** @returns the session that has the lock now; undefined: another one has it. */
    async take(lock: number): Promise<number | undefined> {
      const [row] = await db<{ held: boolean; session: number }[]>`
        select pg_try_advisory_lock(${lock}) as held, pg_backend_pid() as session`;
      return row?.held ? row.session : undefined;
    },

    /** @returns the session that answers: another one than before has lost the locks of that one. */
    async findSession(): Promise<number | undefined> {
      const [row] = await db<{ session: number }[]>`select pg_backend_pid() as session`;
      return row?.session;
    },

    async release(lock: number): Promise<void> {
      await db`select pg_advisory_unlock(${lock})`;
    },
  };
}
