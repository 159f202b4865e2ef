/** Users as the message path sees them: name, role and restriction as they are now, wherever the last change was made. */

import type { UserScripts, UserState, Verdict } from "../shared/server/user-scripts.ts";
import type { PublicUser, Restriction } from "../shared/server-frames.ts";
import { Refused } from "./refused.ts";
import type { RoomQueries } from "./room-queries.ts";
import { fingerprint, isLaughter } from "./spam.ts";

export type Users = ReturnType<typeof createUsers>;
export type Judged = Exclude<Verdict, { verdict: "unknown" }>;

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
  const load = async (userId: string): Promise<UserState> => {
    const state = await queries.userState(userId);
    // The account was deleted while its token still lived.
    if (!state) throw new Refused("unauthenticated");
    return scripts.remember(userId, state);
  };

  return {
    /** @throws Refused `unauthenticated` for a user who is no more, or an outage. */
    async find(userId: string): Promise<{ user: PublicUser; restricted: Restriction | null }> {
      const { nickname, role, restricted } = (await scripts.known(userId)) ?? (await load(userId));
      return { user: { id: userId, nickname, role }, restricted };
    },

    /** Judges a message and counts it once, however often it is sent. */
    async admit(userId: string, room: string, clientId: string, text: string): Promise<Judged> {
      const exempt = !laughterCounts && isLaughter(text);
      const slowModeMs = await slowModeOf(room);
      const attempt = { userId, room, clientId, text, print: fingerprint(text), exempt, slowModeMs };
      for (let tries = 0; tries < 3; tries++) {
        const judged = await scripts.admit(attempt);
        if (judged.verdict !== "unknown") return judged;
        await load(userId);
      }
      throw new Refused("unavailable");
    },
  };
}
