/** SQL of the map of days: which days hold which seqs of a room. The trigger `map_days` keeps it, here it is completed and read. */
import type { Sql, Transaction } from "../shared/server/postgres/pool.ts";

/** Newest first: what people read. */
export async function nextUnmappedDay(sql: Sql): Promise<{ day: string; left: number } | null> {
  const [row] = await sql<{ day: string | null; left: number }[]>`
    select max(day)::text as day, count(*)::integer as left from unmapped_days`;
  return row?.day ? { day: row.day, left: row.left } : null;
}

/** Enters what is there of a day. What is written meanwhile is entered by the trigger; both may come to one row. */
export async function mapDay(sql: Sql, day: string): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`set local statement_timeout = 0`;
    await tx`
      insert into room_days as map (room_id, day, first_seq, last_seq)
      select room_id, day, min(seq), max(seq) from messages where day = ${day} group by room_id, day order by room_id
      on conflict (day, room_id) do update
        set first_seq = least(map.first_seq, excluded.first_seq), last_seq = greatest(map.last_seq, excluded.last_seq)`;
    await forgetUnmapped(tx, day);
  });
}

const forgetUnmapped = (tx: Transaction, day: string) => tx`delete from unmapped_days where day = ${day}`;

/** In the transaction that drops the day's partition. */
export async function forgetDay(tx: Transaction, day: string): Promise<void> {
  await tx`delete from room_days where day = ${day}`;
  await forgetUnmapped(tx, day);
}

/** @returns which of the events lie on which day, as far as they exist; a day that is not mapped yet has all of them. */
export async function findDays(
  tx: Transaction,
  events: { roomId: number; seq: number }[],
): Promise<{ roomId: number; seq: number; day: string }[]> {
  const rows = await tx<{ roomId: number; seq: string; day: string }[]>`
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
}
