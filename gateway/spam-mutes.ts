/** What follows when the spam rule strikes: the user's sockets are told everywhere, and PostgreSQL keeps the mute should Redis lose it. */
import { isOutage } from "../shared/server/faults.ts";
import type { Log } from "../shared/server/log.ts";
import type { Control } from "./control.ts";
import type { RoomQueries } from "./room-queries.ts";

export function createSpamMutes(
  control: Pick<Control, "restricted">,
  queries: Pick<RoomQueries, "keepRestriction">,
  log: Log,
) {
  return async (user: string, reason: string, until: number): Promise<void> => {
    await control.restricted(user, reason, until);
    try {
      await queries.keepRestriction(user, reason, until);
    } catch (error) {
      // Redis has it: the sender gets the answer all the same.
      if (!isOutage(error)) throw error;
      log.warn({ err: error, user }, "a mute is in Redis only");
    }
  };
}
