/** A gateway as far as it follows rooms, on the Redis and the database of a worker's test environment. */

import type { Followed, Listener } from "../../gateway/following/deliveries.ts";
import { createFollowLoop } from "../../gateway/following/follow-loop.ts";
import { createFollowing, type Following } from "../../gateway/following/following.ts";
import { createKnownReads } from "../../gateway/following/known-reads.ts";
import { createMoves } from "../../gateway/following/moves.ts";
import { createOlderMessages } from "../../gateway/following/older-messages.ts";
import { createPositionQueries } from "../../gateway/following/position-queries.ts";
import { createReaders } from "../../gateway/following/readers.ts";
import { createSightings } from "../../gateway/following/sightings.ts";
import { TAIL_MESSAGES } from "../../gateway/following/tail.ts";
import { createTails } from "../../gateway/following/tails.ts";
import { createArchiveQueries } from "../../gateway/history/archive-queries.ts";
import { createBus } from "../../gateway/subscriber.ts";
import { createLog } from "../../shared/server/process/logger.ts";
import { connected, openSubscriber } from "../../shared/server/redis/connect.ts";
import { openFollowStore } from "../../shared/server/redis/follow-store.ts";
import { openReadStore } from "../../shared/server/redis/read-store.ts";
import type { Heads, RoomHead } from "../../shared/server-frames.ts";
import type { TestEnvironment } from "../../worker/testing/test-environment.ts";

export type FollowingNode = Awaited<ReturnType<typeof openFollowingNode>>;

/** Looks only when the test says so. */
export async function openFollowingNode({ redis, keys, sql, scripts, server }: TestEnvironment) {
  const subscriber = openSubscriber(server.url, "following", createLog("following", "silent"));
  await connected(subscriber);
  const bus = createBus(subscriber);
  const closed = new Set<string>();
  const errors: unknown[] = [];
  const onInternalError = (error: unknown): string => `${errors.push(error)}`;
  const store = openReadStore(redis, keys);
  const tails = createTails<Followed>({
    store: openFollowStore(redis, keys, TAIL_MESSAGES),
    older: createOlderMessages({
      archived: createArchiveQueries(sql).archived,
      deletedSeqs: scripts.deletedSeqs,
    }),
  });
  const moves = createMoves(store, onInternalError);
  const sightings = createSightings();
  const readers = createReaders({
    ...{ store, sightings, find: createKnownReads(store, createPositionQueries(sql)) },
    nameOf: tails.nameOf,
    onMoved: (reader, room) => following.moved(reader, room),
  });
  const following: Following = createFollowing({
    ...{ tails, readers, moves },
    mayFollow: async (_, room) => !closed.has(room),
  });
  const loop = createFollowLoop({ following, tails, readers, moves, onInternalError });
  await bus.subscribe(keys.readsChannel, readers.onBus);

  /** A socket of a user, and what it was sent last of each room. */
  const open = (userId: string | undefined) => {
    const rooms = new Map<string, RoomHead>();
    let frames = 0;
    const state = { open: true, full: false };
    const listener: Listener = {
      userId,
      isOpen: () => state.open,
      send(frame) {
        if (state.full) return false;
        const heads = JSON.parse(frame) as Heads;
        if (heads.all) rooms.clear();
        for (const head of heads.rooms) rooms.set(head.room, head);
        frames++;
        return true;
      },
    };
    return {
      rooms,
      state,
      get frames(): number {
        return frames;
      },
      unread: (room: string) => rooms.get(room)?.unread,
      follow: (...names: string[]) => following.follow(listener, names),
      read: (room: string, seq: number, head?: number) => following.read(listener, room, seq, head),
      readAll: () => following.readAll(listener),
      close(): void {
        state.open = false;
        following.close(listener);
      },
    };
  };

  return {
    ...{ open, closed, errors, following, tails, readers, moves },
    look: loop.look,
    /** Announcements do not come here any more, and nothing says so. */
    deafen: () => subscriber.sunsubscribe(keys.readsChannel),
    async close(): Promise<void> {
      await loop.close();
      subscriber.disconnect();
    },
  };
}
