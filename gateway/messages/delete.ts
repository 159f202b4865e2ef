/** Deletes a message: an event like any other, after which no newcomer sees the text again. */
import { TAKE_BACK_MS } from "../../shared/limits.ts";
import { archivedEventJson } from "../../shared/server/events/archived-event.ts";
import { draftDeletion } from "../../shared/server/redis/event-draft.ts";
import type { PublicUser } from "../../shared/server-frames.ts";
import type { Users } from "../accounts/user-cache.ts";
import { Refusal } from "../errors.ts";
import type { ArchiveQueries } from "../history/archive-queries.ts";
import type { RoomLog } from "../room-log/room-log.ts";

/** `takeBack`: nothing of the message is to be shown, if that is still possible. */
export type Deleting = { userId: string; room: string; clientId: string; seq: number; takeBack?: boolean };
/** `seq`: of the deletion. `seenBy`: the number of people who had read a message that was to be taken back. */
export type Deleted = { seq: number; seenBy?: number };
/** The readers of the newest messages. `sinceMs`: for how long this has been known without a gap. */
export type Sightings = {
  sinceMs: () => number;
  countOf: (room: string, seq: number, except: string) => number;
};
export type Deletions = ReturnType<typeof createDeletions>;
export type DeletionsDeps = {
  users: Pick<Users, "find">;
  log: Pick<RoomLog, "delete">;
  queries: Pick<ArchiveQueries, "find">;
  /** Whether a user may delete messages of others in a room. */
  moderates: (user: PublicUser, room: string) => boolean | Promise<boolean>;
  sightings: Sightings;
};

/** A message that only PostgreSQL has takes two attempts; two more if it moves there, or is deleted, in between. */
const MAX_ATTEMPTS = 4;

export function createDeletions({ users, log, queries, moderates, sightings }: DeletionsDeps) {
  /** @returns the tombstone of a message that only PostgreSQL has, or the seq of its earlier deletion. */
  const archived = async (
    room: string,
    seq: number,
    userId: string,
    any: boolean,
  ): Promise<string | number> => {
    const event = await queries.find(room, seq);
    if (event?.kind !== "message") throw new Refusal("no_such_message");
    if (event.deletion !== undefined) return event.deletion;
    if (event.userId !== userId && !any) throw new Refusal("forbidden");
    return archivedEventJson(room, { ...event, deleted: true });
  };

  return {
    /**
     * @returns the deletion; the first one if the message was deleted before. A message that cannot be taken back any more is deleted all the same.
     * @throws Refusal `no_such_message`, or `forbidden` when it is another user's and the user is no moderator.
     */
    async delete({ userId, room, clientId, seq: target, takeBack }: Deleting): Promise<Deleted> {
      const { user } = await users.find(userId);
      const any = await moderates(user, room);
      const draft = draftDeletion({ room, clientId }, userId, target);
      const seenBy = takeBack ? sightings.countOf(room, target, userId) : 0;
      const takeBackMs = takeBack && seenBy === 0 ? Math.min(TAKE_BACK_MS, sightings.sinceMs()) : -1;
      let tombstone = "";
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        const deleted = await log.delete(draft, { target, any, tombstone, takeBackMs });
        if (deleted === "forbidden") throw new Refusal("forbidden");
        else if (deleted === "absent") throw new Refusal("no_such_message");
        else if (deleted !== "archived")
          return seenBy > 0 ? { seq: deleted.seq, seenBy } : { seq: deleted.seq };
        else {
          const found = await archived(room, target, userId, any);
          if (typeof found === "number") return { seq: found };
          tombstone = found;
        }
      }
      throw new Refusal("unavailable");
    },
  };
}
