/**
 * The sockets that follow rooms, and the news that each gets: the number of unread messages and mentions, and how far the person has read, on
 * whichever device. Owns when a follower gets a frame: at most one a second for news of rooms, and at once what the person read elsewhere.
 */
import { FOLLOWED_MAX } from "../../shared/limits.ts";
import { createDeliveries, type Followed, type Follower, type Listener, readOf } from "./deliveries.ts";
import type { Moves } from "./moves.ts";
import type { Reader, Readers } from "./readers.ts";
import type { Tails, Watched } from "./tails.ts";

export type Following = ReturnType<typeof createFollowing>;

export type FollowingDeps = {
  tails: Tails<Followed>;
  readers: Pick<Readers, "open" | "close" | "advance" | "begin">;
  moves: Pick<Moves, "add">;
  /** Whether the room is open and this person may read it. */
  mayFollow: (userId: string | undefined, room: string) => Promise<boolean>;
};

export function createFollowing({ tails, readers, moves, mayFollow }: FollowingDeps) {
  const followers = new Map<Listener, Follower>();
  const byReader = new Map<Reader, Set<Follower>>();
  const deliveries = createDeliveries();
  /** Rooms that lack messages which somebody may have unread. */
  const tooShort = new Set<Watched<Followed>>();
  /** Rooms whose followers may not be allowed any more. */
  const unsettled = new Set<string>();

  return {
    /**
     * Replaces the rooms that a socket follows, and sends it where each stands. Rooms that it may not read are left out. A room that the
     * person follows for the first time counts as read.
     * @throws Unavailable.
     */
    async follow(listener: Listener, names: readonly string[]): Promise<void> {
      const wanted = [...new Set(names)].slice(0, FOLLOWED_MAX);
      const allowed = await Promise.all(wanted.map((room) => mayFollow(listener.userId, room)));
      const rooms = await Promise.all(wanted.filter((_, at) => allowed[at]).map((room) => tails.open(room)));
      const follower = followers.get(listener) ?? (await open(listener));
      const { reads } = follower.reader;
      const unknown = rooms.filter(({ tail }) => !reads.has(tail.room));
      await readers.begin(
        follower.reader,
        new Map(unknown.map(({ tail }) => [tail.room, Math.max(0, tail.position)])),
      );
      if (!listener.isOpen()) return close(listener);
      const left = new Map(follower.rooms);
      for (const watched of rooms) {
        left.delete(watched.tail.room);
        begin(follower, watched);
      }
      for (const followed of left.values()) drop(followed);
      await Promise.all(
        rooms.map((watched) => tails.reach(watched, readOf(follower, watched), listener.userId)),
      );
      deliveries.sendAll(follower);
    },

    /**
     * Notes that the person has read up to a seq; one beyond the newest event counts as that.
     * @param head the newest event of the room if the socket is in it; undefined: it is not.
     * @returns false when the socket neither is in the room nor follows it.
     * @throws Unavailable.
     */
    read(listener: Listener, room: string, seq: number, head: number | undefined): boolean {
      const follower = followers.get(listener);
      const followed = follower?.rooms.get(room);
      if (head === undefined && !followed) return false;
      const upTo = Math.min(seq, Math.max(head ?? 0, followed?.watched.tail.position ?? 0));
      if (upTo < 1) return true;
      if (follower) move(follower.reader, room, upTo);
      else if (listener.userId !== undefined) moves.add(listener.userId, room, upTo);
      return true;
    },

    /** Notes that the person has read everything in the rooms that the socket follows. @throws Unavailable. */
    readAll(listener: Listener): void {
      const follower = followers.get(listener);
      for (const { watched } of follower?.rooms.values() ?? [])
        if (follower) move(follower.reader, watched.tail.room, watched.tail.position);
    },

    follows: (listener: Listener, room: string): boolean => followers.get(listener)?.rooms.has(room) ?? false,

    close,

    /** To be called when a user has read further. */
    moved(reader: Reader, room: string): void {
      for (const follower of byReader.get(reader) ?? []) {
        const followed = follower.rooms.get(room);
        if (!followed) continue;
        recount(followed, deliveries.recountNow);
      }
    },

    /** To be called when there is news of a room. */
    recountAll(watched: Watched<Followed>): void {
      for (const followed of watched.followers) recount(followed);
    },

    /** Reads the archive for rooms whose log ended between two looks, such as one that left Redis. */
    async lengthenAll(): Promise<void> {
      for (const watched of [...tooShort]) {
        tooShort.delete(watched);
        for (const { follower } of watched.followers)
          await tails.reach(watched, readOf(follower, watched), follower.reader.userId);
        for (const followed of watched.followers) recount(followed);
        tooShort.delete(watched);
      }
    },

    deliverAll: deliveries.deliverAll,

    /**
     * To be called when a room was closed, or other people may read it now: at the next look those who may not are left out.
     * @param room undefined: news may have been missed, of any room.
     */
    settle(room?: string): void {
      const rooms = room === undefined ? tails.names() : [room];
      for (const each of rooms) if (tails.followersOf(each).size > 0) unsettled.add(each);
    },

    /** Finds again who may follow the rooms that changed. @throws Unavailable; then the next call does. */
    async settleAll(): Promise<void> {
      for (const room of [...unsettled]) await settleOne(room);
    },
  };

  async function settleOne(room: string): Promise<void> {
    unsettled.delete(room);
    try {
      const here = [...tails.followersOf(room)];
      const users = [...new Set(here.map(({ follower }) => follower.reader.userId))];
      const allowed = await Promise.all(users.map((user) => mayFollow(user, room)));
      const gone = new Set(users.filter((_, at) => !allowed[at]));
      for (const followed of here) if (gone.has(followed.follower.reader.userId)) drop(followed);
    } catch (error) {
      unsettled.add(room);
      throw error;
    }
  }

  async function open(listener: Listener): Promise<Follower> {
    const { userId } = listener;
    const reader = userId === undefined ? { userId, reads: new Map() } : await readers.open(userId);
    const follower = { listener, reader, rooms: new Map(), changed: new Set<Followed>() };
    followers.set(listener, follower);
    byReader.set(reader, (byReader.get(reader) ?? new Set()).add(follower));
    return follower;
  }

  function close(listener: Listener): void {
    const follower = followers.get(listener);
    if (!follower) return;
    followers.delete(listener);
    deliveries.forget(follower);
    for (const followed of [...follower.rooms.values()]) drop(followed);
    const others = byReader.get(follower.reader);
    others?.delete(follower);
    if (others?.size === 0) byReader.delete(follower.reader);
    if (listener.userId !== undefined) readers.close(listener.userId);
  }

  function begin(follower: Follower, watched: Watched<Followed>): void {
    const { room } = watched.tail;
    if (follower.rooms.has(room)) return;
    const followed = { follower, watched, unread: 0, mentions: 0, read: 0 };
    follower.rooms.set(room, followed);
    tails.add(watched, followed);
  }

  function drop(followed: Followed): void {
    const { follower, watched } = followed;
    follower.rooms.delete(watched.tail.room);
    follower.changed.delete(followed);
    tails.remove(watched, followed);
  }

  /** On its way to Redis first, because what is only known here would not be sent there again. */
  function move(reader: Reader, room: string, seq: number): void {
    if (seq <= (reader.reads.get(room) ?? -1)) return;
    if (reader.userId !== undefined) moves.add(reader.userId, room, seq);
    readers.advance(reader, room, seq);
  }

  function recount(followed: Followed, how = deliveries.recount): void {
    const { follower, watched } = followed;
    how(followed);
    if (watched.tail.isTooShort(readOf(follower, watched), follower.reader.userId)) tooShort.add(watched);
  }
}
