/** Users as the message path sees them: name, role and restriction as they are now, wherever the last change was made. */

import { singleFlight } from "../../shared/server/process/single-flight.ts";
import type { Asked, UserScripts, UserState, Verdict } from "../../shared/server/redis/user-store.ts";
import type { PublicUser, Restriction } from "../../shared/server-frames.ts";
import { fingerprint, isLaughter } from "../messages/spam-rule.ts";
import { Refused } from "../refused.ts";
import type { RoomQueries } from "./user-state-queries.ts";

export type Users = ReturnType<typeof createUsers>;
export type Judged = Exclude<Verdict, { verdict: "unknown" }>;

/**
 * @param laughterCounts the spam rule looks at pure laughter and sobs too.
 * @param slowModeOf how long each member waits between two messages in a room; 0: not at all.
 */
/** Only changes of the user's row make PostgreSQL be asked again, and each of them is over in milliseconds. */
const TRIES = 5;

/**
 * @param laughterCounts the spam rule looks at pure laughter and sobs too.
 * @param slowModeOf how long each member waits between two messages in a room; 0: not at all.
 */
export function createUsers(
  scripts: UserScripts,
  queries: Pick<RoomQueries, "userState">,
  laughterCounts: boolean,
  slowModeOf: (room: string) => Promise<number> = async () => 0,
) {
  /** In single flight for each user. Null: they were changed meanwhile, look again. */
  const load = singleFlight(async (userId: string, asked: Asked): Promise<UserState | null> => {
    const stored = await queries.userState(userId);
    // The account was closed or banned while its token still lived.
    if (!stored) throw new Refused("unauthenticated");
    return scripts.keep(userId, stored, asked);
  });

  return {
    /** @throws Refused `unauthenticated` for a user who is no more, or an outage. */
    async find(userId: string): Promise<{ user: PublicUser; restricted: Restriction | null }> {
      for (let tries = 0; tries < TRIES; tries++) {
        const { state, asked } = await scripts.find(userId);
        const found = state ?? (await load(userId, asked));
        if (!found) continue;
        const { nickname, role, restricted } = found;
        return { user: { id: userId, nickname, role }, restricted };
      }
      throw new Refused("unavailable");
    },

    /** Judges a message and counts it once, however often it is sent. */
    async admit(userId: string, room: string, clientId: string, text: string): Promise<Judged> {
      const exempt = !laughterCounts && isLaughter(text);
      const slowModeMs = await slowModeOf(room);
      const attempt = { userId, room, clientId, text, print: fingerprint(text), exempt, slowModeMs };
      for (let tries = 0; tries < TRIES; tries++) {
        const judged = await scripts.admit(attempt);
        if (judged.verdict !== "unknown") return judged;
        await load(userId, judged.asked);
      }
      throw new Refused("unavailable");
    },
  };
}
