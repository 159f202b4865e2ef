/**
 * SQL that writes events: rows, dead letters, and the last seq of each room. Rows are passed as one array per column, so that
 * there is one statement for 1 row and for 2,000.
 */
import type { Db, Transaction } from "../shared/server/postgres/pool.ts";
import type { DeadLetter, EventRow } from "./event-row.ts";

export function createEventQueries(tx: Transaction) {
  return {
    /** Locks rooms in the same order in every worker, so that two workers cannot deadlock. */
    async lockRooms(names: string[]): Promise<Map<string, LockedRoom>> {
      const rooms = await tx<({ name: string } & LockedRoom)[]>`
        select id, name, born_seq::float8 as "bornSeq", exists (select from push_subscriptions) and (
            kind = 'direct' or exists (select from room_levels where room_id = rooms.id and level = 'all')
          ) as "isHeard"
        from rooms where name = any(${names}::text[]) order by id for no key update`;
      return new Map(rooms.map(({ name, ...room }) => [name, room]));
    },

    /** @returns the number of new rows; the others existed already. */
    async insertEvents(rows: StoredRow[]): Promise<number> {
      const result = await tx`
        insert into messages (room_id, seq, day, time, kind, user_id, nickname, client_id, text, deleted, data)
        select room_id, seq, day, time, kind, user_id, nickname, client_id, text, deleted, data::jsonb
        from unnest(
          ${rows.map((row) => row.roomId)}::integer[],
          ${rows.map((row) => row.seq)}::bigint[],
          ${rows.map((row) => row.day)}::date[],
          ${rows.map((row) => row.time)}::time[],
          ${rows.map((row) => row.kind)}::text[],
          ${rows.map((row) => row.userId)}::uuid[],
          ${rows.map((row) => row.nickname)}::text[],
          ${rows.map((row) => row.clientId)}::text[],
          ${rows.map((row) => row.text)}::text[],
          ${rows.map((row) => String(row.deleted))}::boolean[],
          ${rows.map((row) => row.data)}::text[]
        ) as event (room_id, seq, day, time, kind, user_id, nickname, client_id, text, deleted, data)
        on conflict do nothing`;
      return result.count;
    },

    /** The rows whose seq belongs to a different event in the archive: two events were given the same seq. */
    async findConflicts(rows: StoredRow[]): Promise<Set<string>> {
      const conflicts = await tx<{ room: string; seq: string }[]>`
        select event.room, event.seq
        from unnest(
          ${rows.map((row) => row.room)}::text[],
          ${rows.map((row) => row.roomId)}::integer[],
          ${rows.map((row) => row.seq)}::bigint[],
          ${rows.map((row) => row.day)}::date[],
          ${rows.map((row) => row.kind)}::text[],
          ${rows.map((row) => row.userId)}::uuid[],
          ${rows.map((row) => row.clientId)}::text[]
        ) as event (room, room_id, seq, day, kind, user_id, client_id)
        join messages kept using (room_id, seq, day)
        where kept.day = any(${daysOf(rows)}::date[])
          and (kept.kind, kept.user_id, kept.client_id) is distinct from (event.kind, event.user_id, event.client_id)
          and not (kept.deleted and kept.client_id is null)`;
      return new Set(conflicts.map(({ room, seq }) => `${room} ${seq}`));
    },

    async raiseLastSeqs(seqs: Map<number, number>): Promise<void> {
      await tx`
        update rooms set last_seq = greatest(last_seq, event.seq)
        from unnest(${[...seqs.keys()]}::integer[], ${[...seqs.values()]}::bigint[]) as event (room_id, seq)
        where rooms.id = event.room_id`;
    },
  };
}
/** `bornSeq`: the highest seq of earlier rooms of this name. */
type LockedRoom = { id: number; bornSeq: number; isHeard: boolean };

export type StoredRow = EventRow & { roomId: number };

/** The distinct days of rows. A statement that names them as values opens no other partition. */
const daysOf = (rows: { day: string }[]): string[] => [...new Set(rows.map(({ day }) => day))];

/** The reason of a dead letter whose seq belongs to another event: two writers believe in two logs. An index names it. */
export const SEQ_TAKEN = "another event has its seq";

export function createDeadLetterQueries(db: Db) {
  return {
    /** Stores each dead letter once, even if its batch is retried. */
    async addDeadLetters(letters: DeadLetter[]): Promise<void> {
      await db`
        insert into dead_letters (room, seq, raw, reason)
        select * from unnest(
          ${letters.map((letter) => letter.room)}::text[],
          ${letters.map((letter) => letter.seq)}::bigint[],
          ${letters.map((letter) => letter.raw)}::text[],
          ${letters.map((letter) => letter.reason)}::text[]
        )
        on conflict do nothing`;
    },

    /** How many events lost their seq to another within `withinMs`, and since this process began. */
    async countSeqsTaken(withinMs: number, aliveMs: number): Promise<number> {
      const [row] = await db<{ count: number }[]>`
        select count(*)::integer as count from dead_letters
        where reason = ${SEQ_TAKEN}
          and created_at > clock_timestamp() - ${Math.min(withinMs, aliveMs)}::float8 * interval '1 millisecond'`;
      return row?.count ?? 0;
    },
  };
}
