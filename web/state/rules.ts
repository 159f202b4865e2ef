/** The rules by which the cluster may hold back the person's messages, as far as the page knows them. */
import type { Clock } from "../sync/clock.ts";
import type { ServerTime } from "../sync/server-time.ts";
import { createRestriction, type RestrictionState } from "./restriction.ts";
import type { RoomList } from "./room-list.ts";
import type { Session } from "./session.ts";

type RulesDeps = {
  clock: Clock;
  serverTime: ServerTime;
  session: Pick<Session, "user">;
  rooms: Pick<RoomList, "slowModeOf">;
};
export type Rules = {
  restriction: RestrictionState;
  /** The time between two messages of the person in a room, ms; 0: any. */
  slowModeOf: (room: string) => number;
};

export function createRules({ clock, serverTime, session, rooms }: RulesDeps): Rules {
  return {
    restriction: createRestriction(clock, serverTime),
    // Moderators do not wait.
    slowModeOf: (room) => (session.user.value?.role === "user" ? rooms.slowModeOf(room) : 0),
  };
}
