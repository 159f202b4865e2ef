/**
 * The only way in which a gateway changes the cached fields of a user: name, role, restriction, ban, closing. Once a
 * change has been answered, no gateway acts on the earlier values, even if Redis loses data.
 */

import type { Sql, Transaction } from "../../shared/server/postgres/pool.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { ForgetUser } from "../../shared/server/redis/user-store.ts";
import { Refusal } from "../errors.ts";
import type { Users } from "./user-cache.ts";
import { createUserChangeQueries } from "./user-change-queries.ts";

/** The statements of one change. */
export type UserChange = ReturnType<typeof createUserChangeQueries>;
/** @returns the result of the work, and the version of the row after it. */
export type ChangeUser = <T>(
  userId: string,
  work: (change: UserChange, tx: Transaction) => Promise<T>,
) => Promise<{ done: T; version: number }>;

type Deps = {
  sql: Sql;
  forget: ForgetUser;
  users: Pick<Users, "find">;
};

export function createUserChanges({ sql, forget, users }: Deps): ChangeUser {
  /** Refills the cache, so that no gateway has to ask PostgreSQL during a later outage. */
  const remember = async (userId: string): Promise<void> => {
    try {
      await users.find(userId);
    } catch (error) {
      if (!(error instanceof Unavailable) && !(error instanceof Refusal)) throw error;
    }
  };

  return async (userId, work) => {
    const changed = await sql.begin(async (tx) => {
      const change = createUserChangeQueries(tx, userId);
      const done = await work(change, tx);
      const version = await change.findVersion();
      // Last, with the row locked: a look-up in PostgreSQL from now on waits for the commit, and an earlier one is not
      // cached.
      await forget(userId);
      return { done, version };
    });
    await remember(userId);
    return changed;
  };
}
