/**
 * A user's mentions, newest first, out of Redis and PostgreSQL without a seam: the newest ones are read from the feed first, and those that
 * PostgreSQL has by then are in both.
 */
import type { MentionFeed } from "./mention-feed.ts";
import type { MentionQueries } from "./mention-queries.ts";

type Place = { room: string; seq: number; at: number };
/** The events of a room with these seqs, as JSON texts. */
type FindEvents = (room: string, seqs: readonly number[], reader: string) => Promise<string[]>;
type ShownRoom = { name: string; title: string; archived?: "shown" | "hidden" | undefined };
/** `mentions`: a JSON text each. `next`: the place from which the next page begins. */
export type MentionPage = { mentions: string[]; next: Place | undefined };
export type MentionList = ReturnType<typeof createMentionList>;

type MentionListDeps = {
  feed: Pick<MentionFeed, "recentOf">;
  queries: MentionQueries;
  /** Finds messages of open rooms, and of archived ones. */
  events: { open: { find: FindEvents }; archived: { find: FindEvents } };
  /** The room, if the user may know of it. */
  findRoom: (userId: string, name: string) => Promise<ShownRoom | undefined>;
  /** Up to where the user has read rooms. */
  readsOf: (userId: string) => Promise<{ get: (room: string) => number | undefined }>;
  /** Queues reads of the archive. */
  gate: { through: <T>(reader: string, work: () => Promise<T>) => Promise<T> };
};

/** Messages of one millisecond and seq, in different rooms, that a page may begin in the middle of. */
const TIES = 8;
const NEWEST: Place = { room: "", seq: Number.MAX_SAFE_INTEGER, at: Date.UTC(10_000, 0, 1) };

const keyOf = ({ room, seq }: Pick<Place, "room" | "seq">): string => `${room} ${seq}`;
/** Newest first. */
const byTime = (a: Place, b: Place): number =>
  b.at - a.at || b.seq - a.seq || (a.room < b.room ? -1 : a.room > b.room ? 1 : 0);

export function createMentionList(deps: MentionListDeps) {
  const { feed, queries, events, findRoom, readsOf, gate } = deps;

  return {
    /**
     * Mentions that are older than `before`. Deleted messages and rooms that the user may not know of are left out, so a page may be short.
     * @param reader key by which concurrent reads are bounded.
     * @throws Refusal `too_many_attempts`, or Unavailable.
     */
    async page(
      userId: string,
      before: Place | undefined,
      limit: number,
      reader: string,
    ): Promise<MentionPage> {
      const from = before ?? NEWEST;
      const recent: readonly Place[] = await feed.recentOf(userId);
      const stored = await gate.through(reader, () => queries.listOf(userId, from.at, limit + 1 + TIES));
      const all = new Map<string, Place>();
      for (const place of [...recent, ...stored]) if (byTime(place, from) > 0) all.set(keyOf(place), place);
      const newest = [...all.values()].sort(byTime).slice(0, limit + 1);
      const places = newest.slice(0, limit);
      return {
        mentions: await shown(userId, places, reader),
        next: newest.length > limit ? places.at(-1) : undefined,
      };
    },
  };

  async function shown(userId: string, places: readonly Place[], reader: string): Promise<string[]> {
    const read = await readsOf(userId);
    const texts = new Map<string, string>();
    // One after the other, because only a few reads of an address may be under way.
    for (const [name, group] of Map.groupBy(places, ({ room }) => room)) {
      const room = await findRoom(userId, name);
      if (!room || room.archived === "hidden") continue;
      const find = room.archived ? events.archived.find : events.open.find;
      const seqs = group.map(({ seq }) => seq).sort((a, b) => a - b);
      for (const json of await find(name, seqs, reader)) {
        const { type, seq, deleted } = JSON.parse(json) as { type: string; seq: number; deleted?: true };
        if (type !== "message" || deleted) continue;
        const where = JSON.stringify({ name, title: room.title });
        const isRead = seq <= (read.get(name) ?? 0);
        texts.set(keyOf({ room: name, seq }), `{"event":${json},"room":${where},"read":${isRead}}`);
      }
    }
    return places.flatMap((place) => texts.get(keyOf(place)) ?? []);
  }
}
