/** SQL of the map of days, which records the days of a room's seqs. The trigger `map_days` maintains it; this file fills it for older days and reads it. */
import { type Db, inTransaction } from "../shared/server/postgres/pool.ts";

export function createDayMapQueries(db: Db) {
  return {
    /** The newest unmapped day, because people read recent days most, and the number of unmapped days. */
    async nextUnmappedDay(): Promise<{ day: string; left: number } | undefined> {
      const [row] = await db<{ day: string | null; left: number }[]>`
        select max(day)::text as day, count(*)::integer as left from unmapped_days`;
      return row?.day ? { day: row.day, left: row.left } : undefined;
    },

    /** Maps the existing events of a day. The trigger maps events that are written meanwhile, possibly in the same row. */
    async mapDay(day: string): Promise<void> {
      await inTransaction(db, async (tx) => {
        await tx`set local statement_timeout = 0`;
        await tx`
          insert into room_days as map (room_id, day, first_seq, last_seq)
          select room_id, day, min(seq), max(seq) from messages where day = ${day} group by room_id, day order by room_id
          on conflict (day, room_id) do update
            set first_seq = least(map.first_seq, excluded.first_seq), last_seq = greatest(map.last_seq, excluded.last_seq)`;
        await forgetUnmapped(tx, day);
      });
    },

    /** Removes a day from the map. Belongs in the transaction that drops the day's partition. */
    async forgetDay(day: string): Promise<void> {
      await db`delete from room_days where day = ${day}`;
      await forgetUnmapped(db, day);
    },

    /** @returns the days on which each event may lie. Days that are not mapped yet are returned for every event. */
    async findDays(
      events: { roomId: number; seq: number }[],
    ): Promise<{ roomId: number; seq: number; day: string }[]> {
      const rows = await db<{ roomId: number; seq: string; day: string }[]>`
        select event.room_id as "roomId", event.seq, known.day::text
        from unnest(
          ${events.map(({ roomId }) => roomId)}::integer[],
          ${events.map(({ seq }) => seq)}::bigint[]
        ) as event (room_id, seq)
        cross join lateral (
          select day from room_days
          where room_days.room_id = event.room_id and last_seq >= event.seq and first_seq <= event.seq
          union select day from unmapped_days
        ) known`;
      return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
    },
  };
}

const forgetUnmapped = (db: Db, day: string) => db`delete from unmapped_days where day = ${day}`;
