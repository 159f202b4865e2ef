/**
 * The newest mentions of the whole cluster, in this gateway's memory, because PostgreSQL gets them a little later. Redis is read only when
 * somebody asks, and then only for what is new.
 */
import { singleFlight } from "../../shared/server/process/single-flight.ts";
import type { MentionNote, MentionPlaces, MentionStore } from "../../shared/server/redis/mention-store.ts";

export type MentionFeed = ReturnType<typeof createMentionFeed>;

/** Entries of a shard in one reading, some milliseconds of Redis' time for all. */
const READ_MAX = 500;
/** As the streams (note-mentions.lua). */
const KEPT_MS = 15 * 60_000;
/** Bounds of memory, some 10 MB, and of the time that a user's list takes. */
const KEPT_MAX = 20_000;
const KEPT_EACH = 500;

export function createMentionFeed(
  store: Pick<MentionStore, "read" | "start">,
  now = () => performance.now(),
) {
  const byUser = new Map<string, MentionNote[]>();
  /** Oldest first, with the time at which each was read. */
  const kept = new Map<string, { note: MentionNote; readAt: number }>();
  let places: MentionPlaces = store.start;

  const readNext = singleFlight(async (_: "all") => {
    for (let more = true; more; ) {
      const read = await store.read(places, READ_MAX);
      places = read.places;
      more = read.more;
      const time = now();
      for (const note of read.notes) keep(note, time);
      dropOld(time);
    }
  });

  return {
    /** Mentions of a user that PostgreSQL may lack, read just now, newest last; some of them may be deleted by now. @throws Unavailable. */
    async recentOf(userId: string): Promise<readonly MentionNote[]> {
      // The reading under way may be over in Redis.
      await Promise.allSettled([readNext.running("all")]);
      await readNext("all");
      return byUser.get(userId) ?? [];
    },
  };

  /** A stream that was made again is read from its start, so a note may come twice. */
  function keep(note: MentionNote, readAt: number): void {
    const key = `${note.room} ${note.seq}`;
    if (kept.has(key)) return;
    kept.set(key, { note, readAt });
    for (const user of note.users) {
      const own = byUser.get(user);
      if (!own) byUser.set(user, [note]);
      else if (own.push(note) > KEPT_EACH) own.shift();
    }
  }

  function dropOld(time: number): void {
    for (const [key, { note, readAt }] of kept) {
      if (kept.size <= KEPT_MAX && time - readAt < KEPT_MS) return;
      kept.delete(key);
      for (const user of note.users) dropOf(user, note);
    }
  }

  function dropOf(user: string, note: MentionNote): void {
    const own = byUser.get(user);
    const place = own?.indexOf(note) ?? -1;
    if (place >= 0) own?.splice(place, 1);
    if (own?.length === 0) byUser.delete(user);
  }
}
