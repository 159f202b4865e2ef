/** SQL that reads reactions. The trigger `apply_reactions` writes them with the events that carry them, whichever worker inserts these. */
import type { Db } from "../../../shared/server/postgres/pool.ts";

export type ReactionQueries = ReturnType<typeof createReactionQueries>;
export type CountRow = { target: number; emoji: string; count: number; you: boolean };
export type UserRow = { emoji: string; userId: string };
/** `upTo`: everything up to this seq is counted. */
type Read<Row> = { upTo: number; rows: Row[] };

/** Max pairs of message and emoji in an answer: those of a hundred messages with all the emojis that they may have. */
const MAX_COUNTS = 2_000;

export function createReactionQueries(db: Db) {
  return {
    /** Whether a user reacted to a message with an emoji, and which emojis it has. */
    async findOne(
      room: string,
      target: number,
      emoji: string,
      userId: string,
    ): Promise<{ isOn: boolean; emojis: string[] }> {
      const rows = await db<{ emoji: string; you: boolean }[]>`
        select emoji, bool_or(user_id = ${userId}) as you from reactions
        where room_id = (select id from rooms where name = ${room}) and target = ${target} group by emoji order by emoji`;
      const isOn = rows.some((row) => row.emoji === emoji && row.you);
      return { isOn, emojis: rows.map((row) => row.emoji) };
    },

    /** The reactions to messages between two seqs, both inclusive, the newest messages first. @param userId undefined: a guest. */
    async count(room: string, from: number, to: number, userId: string | undefined): Promise<Read<CountRow>> {
      const rows = await db<(Partial<CountRow> & { upTo: number })[]>`
        select rooms.last_seq::float8 as "upTo", found.* from rooms left join lateral (
          select target::float8 as target, emoji, count(*)::integer as count,
            coalesce(bool_or(user_id = ${userId ?? null}::uuid), false) as you
          from reactions where room_id = rooms.id and target between ${from} and ${to}
          group by reactions.target, emoji order by reactions.target desc, emoji limit ${MAX_COUNTS}
        ) found on true
        where rooms.name = ${room}`;
      const upTo = rows[0]?.upTo ?? 0;
      return {
        upTo,
        rows: rows.flatMap(({ target, emoji, count, you }) => rowOf(target, emoji, count, you)),
      };
    },

    /** The users who reacted to a message, the first ones first. */
    async listUsers(room: string, target: number): Promise<Read<UserRow>> {
      const rows = await db<(Partial<UserRow> & { upTo: number })[]>`
        select rooms.last_seq::float8 as "upTo", emoji, user_id as "userId" from rooms
        left join reactions on room_id = rooms.id and target = ${target}
        where rooms.name = ${room} order by seq`;
      const upTo = rows[0]?.upTo ?? 0;
      return {
        upTo,
        rows: rows.flatMap(({ emoji, userId }) => (emoji && userId ? [{ emoji, userId }] : [])),
      };
    },
  };
}

const rowOf = (target?: number, emoji?: string, count?: number, you?: boolean): CountRow[] =>
  target && emoji && count ? [{ target, emoji, count, you: you === true }] : [];
