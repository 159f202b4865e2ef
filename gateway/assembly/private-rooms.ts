/** Wires private rooms: their changes, members and links. */
import type { Mutes } from "../accounts/mutes.ts";
import type { Control } from "../control/control-log.ts";
import type { HttpLimits } from "../limits/http-rate-limits.ts";
import type { Notices } from "../messages/notices.ts";
import { createCircleChanges } from "../rooms/circle-changes.ts";
import { createInvitations } from "../rooms/invitations.ts";
import { createPrivateRooms } from "../rooms/private-rooms.ts";
import { createRoomMembers } from "../rooms/room-members.ts";
import type { Rooms } from "./rooms.ts";
import type { Stores } from "./stores.ts";

type Needs = {
  rooms: Pick<Rooms, "directory" | "access">;
  control: Pick<Control, "privateRoom">;
  mutes: Pick<Mutes, "refuse">;
  limits: HttpLimits;
  notices: Pick<Notices, "notify">;
  /** Undefined: no limits. */
  maxRooms: number | undefined;
};
type CircleStores = Pick<Stores, "sql" | "roomLogStore" | "membersStore"> & {
  queries: Pick<Stores["queries"], "members" | "invitations">;
};

export function openPrivateRooms({ sql, queries, roomLogStore, membersStore }: CircleStores, needs: Needs) {
  const { rooms, control, mutes, limits, notices, maxRooms } = needs;
  const { directory, access } = rooms;
  const changes = createCircleChanges({
    ...{ sql, marks: membersStore, scripts: roomLogStore, directory, control },
  });
  const members = createRoomMembers({ access, changes, reads: queries.members, mutes, limits, notices });
  return {
    members,
    privateRooms: createPrivateRooms({ sql, access, changes, mutes, limits, notices, maxRooms }),
    invitations: createInvitations({ queries: queries.invitations, access, members, mutes, limits }),
  };
}
