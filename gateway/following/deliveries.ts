/** The frames of followers: the numbers that changed for each, and the moment when each gets them. */
import type { Heads, RoomHead } from "../../shared/server-frames.ts";
import type { Reader } from "./readers.ts";
import type { Watched } from "./tails.ts";

/** A socket, as far as it follows rooms. `send`: false when the socket has no room for the frame now. */
export type Listener = {
  userId: string | undefined;
  send: (frame: string) => boolean;
  isOpen: () => boolean;
};
type Numbers = Pick<RoomHead, "unread" | "mentions" | "read">;
/** With the numbers in the last frame. Flat, because there are fifty for each person. */
export type Followed = { follower: Follower; watched: Watched<Followed> } & Numbers;
export type Follower = {
  listener: Listener;
  reader: Reader;
  rooms: Map<string, Followed>;
  changed: Set<Followed>;
};

/** Sockets that get a frame in one turn of the event loop. */
const SENT_AT_ONCE = 500;

export function createDeliveries() {
  /** Those that lack a frame, and those of them that get it in this turn of the event loop. */
  const due = new Set<Follower>();
  const soon = new Set<Follower>();

  return {
    recount,

    /** Counts again, and sends what changed in this turn of the event loop, together with other changes of it. */
    recountNow(followed: Followed): void {
      recount(followed);
      if (soon.size === 0) setImmediate(deliverSoon);
      soon.add(followed.follower);
    },

    /** Sends all rooms of a follower. */
    sendAll(follower: Follower): void {
      follower.changed.clear();
      const rooms = [...follower.rooms.values()].map(headOf);
      for (const [at, followed] of [...follower.rooms.values()].entries()) note(followed, rooms[at]);
      follower.listener.send(JSON.stringify({ type: "heads", rooms, all: true } satisfies Heads));
    },

    /** Sends what changed to all that it changed for. */
    async deliverAll(): Promise<void> {
      let sent = 0;
      for (const follower of [...due]) {
        deliver(follower);
        if (++sent % SENT_AT_ONCE === 0) await new Promise<void>((resolve) => setImmediate(resolve));
      }
    },

    forget(follower: Follower): void {
      due.delete(follower);
      soon.delete(follower);
    },
  };

  /** A head alone is no news: nothing that a person sees depends on it. */
  function recount(followed: Followed): void {
    const { unread, mentions, read } = headOf(followed);
    const { follower } = followed;
    const isNews = unread !== followed.unread || mentions !== followed.mentions || read !== followed.read;
    if (isNews) follower.changed.add(followed);
    else follower.changed.delete(followed);
    if (follower.changed.size > 0) due.add(follower);
  }

  function deliverSoon(): void {
    const those = [...soon];
    soon.clear();
    for (const follower of those) deliver(follower);
  }

  function deliver(follower: Follower): void {
    due.delete(follower);
    if (follower.changed.size === 0) return;
    const changed = [...follower.changed];
    const rooms = changed.map(headOf);
    if (!follower.listener.send(JSON.stringify({ type: "heads", rooms } satisfies Heads))) {
      due.add(follower);
      return;
    }
    for (const [at, followed] of changed.entries()) note(followed, rooms[at]);
    follower.changed.clear();
  }
}

function note(followed: Followed, head: RoomHead | undefined): void {
  if (!head) return;
  followed.unread = head.unread;
  followed.mentions = head.mentions;
  followed.read = head.read;
}

export const readOf = ({ reader }: Follower, { tail }: Watched<Followed>): number =>
  reader.reads.get(tail.room) ?? 0;

function headOf({ follower, watched }: Followed): RoomHead {
  const { room, head } = watched.tail;
  const read = readOf(follower, watched);
  return { room, head, ...watched.tail.countsOf(read, follower.reader.userId), read };
}
