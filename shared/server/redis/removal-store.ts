/** Removals of all messages that a user said lately in a room, and what of a room's archive is hidden until the worker has blanked it. */
import { DEDUPE_MS } from "../../limits.ts";
import type { Commands } from "./connect.ts";
import type { RemovalDraft } from "./event-draft.ts";
import type { RedisKeys } from "./keys.ts";
import { openScript } from "./script.ts";
import { sentId } from "./sent-id.ts";

/** All messages of `author` from seq `from` up to the removal's own `seq`, exclusive. */
export type Removal = { author: string; from: number; seq: number };
/** Whether a message is deleted, by its seq and its author. */
export type Deleted = { has: (seq: number, author: string | undefined) => boolean };
/** `lowest`: of the author's messages in PostgreSQL since the time; `upTo`: PostgreSQL was read up to there. */
export type RemovalBounds = { sinceMs: number; lowest: number | undefined; upTo: number | undefined };

export const isRemoved = (removals: readonly Removal[], seq: number, author: string | undefined): boolean =>
  removals.some((each) => each.author === author && seq >= each.from && seq < each.seq);

export function openRemovalStore(redis: Commands, keys: RedisKeys) {
  const remove = openScript(redis, "remove");

  return {
    /**
     * Appends `removed` and removes the texts from the log, atomically.
     * @returns `none` without a message; `again` when PostgreSQL has to be read again; undefined when the room must be restored first.
     */
    async remove(
      { room, userId, clientId, prefix, middle, suffix, author }: RemovalDraft,
      { sinceMs, lowest, upTo }: RemovalBounds,
    ): Promise<{ seq: number } | "none" | "again" | undefined> {
      const shard = keys.shardOf(room);
      const reply = (await remove.run(
        [
          ...[keys.room(room), keys.log(room), keys.sent(shard), keys.dirty(shard), keys.channel(room)],
          ...[keys.tombstones(room), keys.clock(shard), keys.sentBefore(room, userId, clientId)],
        ],
        [
          ...[room, author, sinceMs, lowest ?? "", upTo ?? "", prefix, middle, suffix, DEDUPE_MS],
          sentId(room, userId, clientId),
        ],
      )) as number[] | "none" | "again";
      if (typeof reply === "string") return reply;
      const [seq] = reply;
      return seq === undefined ? undefined : { seq };
    },

    /** The messages whose deletion PostgreSQL may not have yet. */
    async deletedSeqs(room: string): Promise<Deleted> {
      const [found, noted] = await Promise.all([
        redis.zrange(keys.tombstones(room), "0", "-1", "WITHSCORES"),
        redis.hget(keys.room(room), "removals"),
      ]);
      const seqs = new Set(found.filter((_, index) => index % 2 === 1).map(Number));
      const removals = removalsOf(noted ?? "");
      return { has: (seq, author) => seqs.has(seq) || isRemoved(removals, seq, author) };
    },

    /** Rooms that a user spoke in since a time, the latest first. */
    async roomsSpokenIn(userId: string, sinceMs: number, max: number): Promise<string[]> {
      const [newest, earlier] = await Promise.all([
        redis.lrange(keys.userRecent(userId), 0, -1),
        redis.zrange(keys.userRooms(userId), "+inf", String(sinceMs), "BYSCORE", "REV", "LIMIT", 0, max),
      ]);
      const recent = newest.flatMap((entry) => {
        const [at, , room] = entry.split(" ", 3);
        return room !== undefined && Number(at) >= sinceMs ? [room] : [];
      });
      return [...new Set([...recent, ...earlier])].slice(0, max);
    },
  };
}

/** @param noted `seq from author;` for each, as include/remove-messages.lua writes them. */
function removalsOf(noted: string): Removal[] {
  return noted.split(";").flatMap((each) => {
    const [seq, from, author] = each.split(" ");
    return author === undefined ? [] : [{ author, from: Number(from), seq: Number(seq) }];
  });
}
