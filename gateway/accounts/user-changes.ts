/**
 * The only way in which a gateway changes the fields of a user that others cache: name, role, restriction, ban, closing. Once a
 * change has been answered, no gateway acts on the values of before, whatever happens to Redis.
 */

import type { Sql, Transaction } from "../../shared/server/postgres/pool.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { ForgetUser } from "../../shared/server/redis/user-store.ts";
import { Refusal } from "../errors.ts";
import type { Users } from "./user-cache.ts";
import { createUserChangeQueries } from "./user-change-queries.ts";

/** What may be done to a user in the transaction of a change. */
export type UserChange = ReturnType<typeof createUserChangeQueries>;
/** @returns the result of the work, and the version of the row that it left. */
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
  /** So that nobody has to ask PostgreSQL later, when it may be away. */
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
      // Last, with the row held: a look-up in PostgreSQL from here on waits for the commit, and an earlier one is not cached.
      await forget(userId);
      return { done, version };
    });
    await remember(userId);
    return changed;
  };
}
