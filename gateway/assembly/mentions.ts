/** Wires the list of a user's mentions. */
import { openReadStore } from "../../shared/server/redis/read-store.ts";
import { createMentionFeed } from "../mentions/mention-feed.ts";
import { createMentionList } from "../mentions/mention-list.ts";
import type { RoomLogs } from "./room-logs.ts";
import type { Rooms } from "./rooms.ts";
import type { Stores } from "./stores.ts";

export function openMentions(
  { redis, keys, queries, readingBack, mentionStore }: Stores,
  { access }: Pick<Rooms, "access">,
  { places }: Pick<RoomLogs, "places">,
) {
  const reads = openReadStore(redis, keys);
  return createMentionList({
    ...{ feed: createMentionFeed(mentionStore), queries: readingBack.mentions, gate: readingBack.gate },
    ...{ events: places, findRoom: access.find, readsOf },
  });
  async function readsOf(userId: string): Promise<ReadonlyMap<string, number>> {
    const known = await reads.find(userId);
    if (known.isComplete) return known.reads;
    const archived = await queries.positions.readsOf(userId);
    for (const [room, seq] of known.reads) archived.set(room, Math.max(seq, archived.get(room) ?? 0));
    return archived;
  }
}
