/** Wires what moderators and admins do with people. */
import type { Control } from "../control/control-log.ts";
import { createRemovals } from "../messages/removals.ts";
import { createModeration } from "../moderation/moderation.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { People } from "./people.ts";
import type { RoomLogs } from "./room-logs.ts";
import type { Stores } from "./stores.ts";

type Needs = {
  people: Pick<People, "changeUser" | "mutes">;
  control: Pick<Control, "restricted" | "banned" | "userChanged">;
  sessions: Pick<Sessions, "end">;
  roomLogs: Pick<RoomLogs, "roomLog">;
};

export function openModeration(
  { queries, roomLogStore }: Pick<Stores, "roomLogStore"> & { queries: Pick<Stores["queries"], "authors"> },
  { people: { changeUser, mutes }, control, sessions, roomLogs }: Needs,
) {
  const { removeLately } = createRemovals({
    ...{ scripts: roomLogStore, log: roomLogs.roomLog, queries: queries.authors },
  });
  return createModeration({ changeUser, mutes, control, sessions, removeLately });
}
