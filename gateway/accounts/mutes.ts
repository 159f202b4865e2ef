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

/** @param tooNewMs how long raid mode keeps a user from writing, ms. @param users also knows mutes by the spam rule, which reach PostgreSQL later, or never if an outage is long. */
export function createMutes(
  queries: Pick<UserQueries, "findRestriction">,
  users: Pick<Users, "find">,
  tooNewMs: (userId: string) => number = () => 0,
) {
  return {
    /** To be called before a transaction begins, because it may ask PostgreSQL itself. @throws Refusal `muted`, `too_new`, `unauthenticated`. */
    async refuse(userId: string): Promise<void> {
      const { user, restricted } = await inCache(userId);
      refuse(restricted);
      const retryAfterMs = user.role === "user" ? tooNewMs(userId) : 0;
      if (retryAfterMs > 0) throw new Refusal("too_new", { retryAfterMs });
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

  async function inCache(userId: string): ReturnType<Users["find"]> {
    try {
      return await users.find(userId);
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
