/** Users as the message path sees them: name, role and restriction as they are now, wherever the last change was made. */

import { singleFlight } from "../../shared/server/process/single-flight.ts";
import type { Asked, UserState, UserStore } from "../../shared/server/redis/user-store.ts";
import type { PublicUser, Restriction } from "../../shared/server-frames.ts";
import { Refusal } from "../errors.ts";
import type { UserQueries } from "./user-queries.ts";

export type Users = ReturnType<typeof createUsers>;

/** Only changes of the user's row make PostgreSQL be asked again, and each of them is over in milliseconds. */
export const USER_TRIES = 5;

export function createUsers(
  store: Pick<UserStore, "find" | "keep">,
  queries: Pick<UserQueries, "findState">,
) {
  /**
   * Has Redis know a user as PostgreSQL does, in single flight for each user.
   * @param asked how Redis stood when it did not know the user.
   * @returns null when the user was changed meanwhile: Redis has to be asked again.
   * @throws Refusal `unauthenticated` for a user who is no more, or an outage.
   */
  const load = singleFlight(async (userId: string, asked: Asked): Promise<UserState | null> => {
    const stored = await queries.findState(userId);
    // The account was closed or banned while its token still lived.
    if (!stored) throw new Refusal("unauthenticated");
    return store.keep(userId, stored, asked);
  });

  return {
    load,

    /** @throws Refusal `unauthenticated` for a user who is no more, or an outage. */
    async find(userId: string): Promise<{ user: PublicUser; restricted: Restriction | null }> {
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
