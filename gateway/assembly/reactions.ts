/** Wires reactions: people give them, a room's log gets them, readers count them. */
import { openReactionStore } from "../../shared/server/redis/reaction-store.ts";
import { createGathering } from "../messages/reactions/gathering.ts";
import { createLogChanges } from "../messages/reactions/log-changes.ts";
import { createReact } from "../messages/reactions/react.ts";
import { createReactionReads } from "../messages/reactions/reaction-reads.ts";
import type { Node } from "./node.ts";
import type { People } from "./people.ts";
import type { RoomLogs } from "./room-logs.ts";
import type { Stores } from "./stores.ts";

export type Reactions = ReturnType<typeof openReactions>;

/** Reactions of a user: of all that they do in a room, the one that costs the others least. */
const PACE = { perSecond: 3, burst: 15 };

export function openReactions(
  { config, onClose, onInternalError }: Node,
  stores: Stores,
  { recover, eventsAfter }: Pick<RoomLogs, "recover" | "eventsAfter">,
  { users }: Pick<People, "users">,
) {
  const { queries, readingBack, roomLogStore: scripts } = stores;
  const store = openReactionStore(stores.redis, stores.keys, config.limits ? PACE : undefined);
  const gathering = createGathering({ store, recover, onInternalError });
  onClose("reactions", gathering.close);
  return {
    gathering,
    react: createReact({
      ...{ users, gathering, scripts },
      archive: queries.archive,
      queries: queries.reactions,
    }),
    reads: createReactionReads({
      ...{ queries: readingBack.reactions, archive: readingBack.archive },
      changesAfter: createLogChanges(eventsAfter.inMemory),
      gate: readingBack.gate,
      listByIds: queries.users.listByIds,
    }),
  };
}
