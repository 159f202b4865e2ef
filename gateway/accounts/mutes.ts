/** Muted means: nothing that one chooses is shown to others until the mute ends. Here for all that is no message. */
import type { Sql, Transaction } from "../../shared/server/postgres/pool.ts";
import type { Restriction } from "../../shared/server-frames.ts";
import { findRestriction } from "../moderation/moderation-queries.ts";
import { problem } from "../problem.ts";
import { Refused } from "../refused.ts";
import type { Users } from "./user-cache.ts";

export type Mutes = ReturnType<typeof createMutes>;

const refuse = (restricted: Restriction | null): void => {
  if (restricted === null) return;
  const { reason, until } = restricted;
  throw problem("muted", { reason, until, retryAfterMs: Math.max(1, until - Date.now()) });
};

/** @param users knows of the spam rule's mutes, which reach PostgreSQL a moment later, or not at all while it is away. */
export function createMutes(sql: Sql, users: Pick<Users, "find">) {
  return {
    /** To be asked before a transaction begins: it may ask PostgreSQL itself. @throws Problem `muted`, `unauthenticated`. */
    async refuse(userId: string): Promise<void> {
      try {
        refuse((await users.find(userId)).restricted);
      } catch (error) {
        throw error instanceof Refused && error.code === "unauthenticated"
          ? problem("unauthenticated")
          : error;
      }
      refuse(await findRestriction(sql, userId));
    },

    /** In a transaction that holds the user's row: a mute that was acknowledged before holds. @throws Problem `muted`. */
    async refuseHeld(tx: Transaction, userId: string): Promise<void> {
      refuse(await findRestriction(tx, userId));
    },
  };
}
