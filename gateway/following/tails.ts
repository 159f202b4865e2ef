/**
 * The ends of all rooms that somebody follows on this gateway, read from Redis once a second for all followers together, and further
 * back from the archive once for a room. A room that nobody follows any more is kept a while, because pages are reloaded.
 */

import { singleFlight } from "../../shared/server/process/single-flight.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { FollowStore, News } from "../../shared/server/redis/follow-store.ts";
import { createTail, type Said, type Tail } from "./tail.ts";

export type Tails<F> = ReturnType<typeof createTails<F>>;
/** A room with its followers. */
export type Watched<F> = { tail: Tail; followers: Set<F>; leftAt: number };

export type TailsDeps = {
  store: FollowStore;
  /** The newest messages below a seq, oldest first, as many as a tail has. */
  older: (room: string, below: number) => Promise<Said[]>;
};

const KEPT_MS = 300_000;
export function createTails<F>({ store, older }: TailsDeps, now = () => performance.now()) {
  const watched = new Map<string, Watched<F>>();
  const first = singleFlight(lookAt);
  const lengthen = singleFlight(lengthenOnce);

  return {
    get count(): number {
      return watched.size;
    },

    /** @returns the room with its newest messages. @throws Unavailable. */
    async open(room: string): Promise<Watched<F>> {
      const known = watch(room);
      if (known.followers.size > 0) return known;
      known.leftAt = now();
      await first(room);
      return watch(room);
    },

    /**
     * Reads the archive where the tail does not reach back far enough for a person. During an outage of the archive the count stays that
     * of the tail.
     */
    async reach({ tail }: Watched<F>, read: number, user: string | undefined): Promise<void> {
      if (!tail.isTooShort(read, user)) return;
      try {
        await lengthen(tail.room);
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
      }
    },

    add: ({ followers }: Watched<F>, follower: F): void => void followers.add(follower),
    remove(room: Watched<F>, follower: F): void {
      room.followers.delete(follower);
      room.leftAt = now();
    },
    names: (): string[] => [...watched.keys()],
    /** The one string that all followers of the room share. */
    nameOf: (room: string): string => watched.get(room)?.tail.room ?? room,
    followersOf: (room: string): ReadonlySet<F> => watched.get(room)?.followers ?? new Set(),

    /**
     * Looks at all followed rooms. @param onNews called with each room that changed.
     * @returns the run of Redis and the count of announced reads; undefined while nobody follows. @throws Unavailable.
     */
    async look(onNews: (room: Watched<F>) => void): Promise<Pick<News, "run" | "announced"> | undefined> {
      const due: Watched<F>[] = [];
      for (const room of watched.values()) {
        if (room.followers.size > 0) due.push(room);
        else if (now() - room.leftAt > KEPT_MS) watched.delete(room.tail.room);
      }
      const found = await Promise.all(due.map(async (room) => ({ room, news: await newsOf(room.tail) })));
      for (const { room, news } of found) if (room.tail.update(news.news)) onNews(room);
      return found[0]?.news;
    },
  };

  function newsOf({ room, epoch, position: seq }: Tail): Promise<News> {
    return store.newsOf({ room, epoch, seq });
  }

  function watch(room: string): Watched<F> {
    const known = watched.get(room);
    if (known) return known;
    const made = { tail: createTail(room), followers: new Set<F>(), leftAt: now() };
    watched.set(room, made);
    return made;
  }

  async function lookAt(room: string): Promise<void> {
    const { tail } = watch(room);
    const { news } = await newsOf(tail);
    tail.update(news);
    if (tail.position <= 0) await lengthen(room);
  }

  async function lengthenOnce(room: string): Promise<void> {
    const { tail } = watch(room);
    tail.extend(await older(room, Number.isFinite(tail.from) ? tail.from : Number.MAX_SAFE_INTEGER));
  }
}
