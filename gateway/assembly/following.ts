/** Wires the following of rooms, and how far users have read. */
import { openFollowStore } from "../../shared/server/redis/follow-store.ts";
import { openReadStore } from "../../shared/server/redis/read-store.ts";
import type { Followed } from "../following/deliveries.ts";
import { createFollowLoop } from "../following/follow-loop.ts";
import { createFollowing, type Following } from "../following/following.ts";
import { createKnownReads } from "../following/known-reads.ts";
import { createMoves } from "../following/moves.ts";
import { createOlderMessages } from "../following/older-messages.ts";
import { createReaders } from "../following/readers.ts";
import { createSightings } from "../following/sightings.ts";
import { TAIL_MESSAGES } from "../following/tail.ts";
import { createTails } from "../following/tails.ts";
import { createOpenNames } from "../rooms/open-names.ts";
import { createFollowRooms } from "../ws/handlers/follow.ts";
import type { Node } from "./node.ts";
import type { RoomLogs } from "./room-logs.ts";
import type { Rooms } from "./rooms.ts";
import type { Stores } from "./stores.ts";

const NOBODY = "00000000-0000-0000-0000-000000000000";

export type FollowParts = ReturnType<typeof openFollowing>;

export function openFollowing(
  { config, onClose, onInternalError }: Node,
  { redis, keys, queries, roomLogStore }: Stores,
  { openRooms, access, directory }: Pick<Rooms, "openRooms" | "access" | "directory">,
  { bus, rooms }: Pick<RoomLogs, "bus" | "rooms">,
) {
  const store = openReadStore(redis, keys);
  const tails = createTails<Followed>({
    store: openFollowStore(redis, keys, TAIL_MESSAGES),
    older: createOlderMessages({
      archived: queries.archive.archived,
      deletedSeqs: roomLogStore.deletedSeqs,
    }),
  });
  const openNames = createOpenNames(directory, queries.rooms, openRooms);
  const moves = createMoves(store, onInternalError);
  const sightings = createSightings();
  const readers = createReaders({
    ...{ store, sightings, find: createKnownReads(store, queries.positions) },
    nameOf: tails.nameOf,
    onMoved: (reader, room) => following.moved(reader, room),
  });
  const following: Following = createFollowing({ tails, readers, moves, mayFollow });
  const loop = createFollowLoop({ following, tails, readers, moves, onInternalError });
  onClose("following", loop.close);
  return {
    sightings,
    following: {
      /** To be called when a room may have changed, or without one when any may have. */
      settle(room?: string): void {
        openNames.forget(room);
        following.settle(room);
      },
    },
    followRooms: createFollowRooms({
      ...{ following, start: loop.start, on: config.limits },
      headOf: (room) => rooms.loaded(room)?.log.position.seq,
    }),
    /** From then on reads of other gateways come here. */
    async start(): Promise<void> {
      // Fails while the worker has not migrated the database to this release.
      await queries.positions.readsOf(NOBODY);
      await bus.subscribe(keys.readsChannel, readers.onBus);
      sightings.begin();
    },
  };

  async function mayFollow(userId: string | undefined, room: string): Promise<boolean> {
    return (await access.mayRead(userId, room)) && openNames.isOpen(room);
  }
}
