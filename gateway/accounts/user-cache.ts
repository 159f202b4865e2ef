/** Users for the message path: current name, role and restriction, whichever node made the last change. */

import { singleFlight } from "../../shared/server/process/single-flight.ts";
import type { Asked, UserState, UserStore } from "../../shared/server/redis/user-store.ts";
import type { PublicUser, Restriction } from "../../shared/server-frames.ts";
import { Refusal } from "../errors.ts";
import type { UserQueries } from "./user-queries.ts";

export type Users = ReturnType<typeof createUsers>;

/** Max look-ups in Redis. Only a change of the user's row requires another one, and each change takes milliseconds. */
export const USER_TRIES = 5;

export function createUsers(
  store: Pick<UserStore, "find" | "keep">,
  queries: Pick<UserQueries, "findState">,
) {
  /**
   * Copies a user from PostgreSQL to Redis, in single flight per user.
   * @param asked the state of Redis when it did not know the user.
   * @returns undefined when the user was changed during the look-up: Redis has to be asked again.
   * @throws Refusal `unauthenticated` for a user who no longer exists; Unavailable.
   */
  const load = singleFlight(async (userId: string, asked: Asked): Promise<UserState | undefined> => {
    const stored = await queries.findState(userId);
    // The account was closed or banned while its token was valid.
    if (!stored) throw new Refusal("unauthenticated");
    return store.keep(userId, stored, asked);
  });

  return {
    load,

    /** @returns the state of a user in Redis; undefined when PostgreSQL would have to be asked. @throws Unavailable. */
    cached: async (userId: string): Promise<UserState | undefined> => (await store.find(userId)).state,

    /** @throws Refusal `unauthenticated` for a user who no longer exists; Unavailable. */
    async find(userId: string): Promise<{ user: PublicUser; restricted: Restriction | undefined }> {
      for (let tries = 0; tries < USER_TRIES; tries++) {
        const { state, asked } = await store.find(userId);
        const found = state ?? (await load(userId, asked));
        if (!found) continue;
        const { nickname, role, restricted } = found;
        return { user: { id: userId, nickname, role }, restricted };
      }
      throw new Refusal("unavailable");
    },
  };
}
