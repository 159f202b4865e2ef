/**
 * A mute outside the message path: until it ends, a muted user changes nothing that others see (a name, a title, a
 * role).
 */
import type { Transaction } from "../../shared/server/postgres/pool.ts";
import type { Restriction } from "../../shared/server-frames.ts";
import { Refusal } from "../errors.ts";
import type { Users } from "./user-cache.ts";
import { createUserQueries, type UserQueries } from "./user-queries.ts";

export type Mutes = ReturnType<typeof createMutes>;

/** @param users also knows mutes by the spam rule, which reach PostgreSQL later, or never if an outage is long. */
export function createMutes(queries: Pick<UserQueries, "findRestriction">, users: Pick<Users, "find">) {
  return {
    /** To be called before a transaction begins, because it may ask PostgreSQL itself. @throws Refusal `muted`, `unauthenticated`. */
    async refuse(userId: string): Promise<void> {
      refuse(await restrictionInCache(userId));
      refuse(await queries.findRestriction(userId));
    },

    /**
     * For a transaction that holds the user's row: every mute that was acknowledged before holds.
     * @throws Refusal `muted`.
     */
    async refuseHeld(tx: Transaction, userId: string): Promise<void> {
      refuse(await createUserQueries(tx).findRestriction(userId));
    },
  };

  async function restrictionInCache(userId: string): Promise<Restriction | undefined> {
    try {
      return (await users.find(userId)).restricted;
    } catch (error) {
      throw error instanceof Refusal && error.code === "unauthenticated"
        ? new Refusal("unauthenticated")
        : error;
    }
  }
}

function refuse(restriction: Restriction | undefined): void {
  if (!restriction) return;
  const { reason, until } = restriction;
  throw new Refusal("muted", { reason, until, retryAfterMs: Math.max(1, until - Date.now()) });
}
