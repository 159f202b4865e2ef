/** SQL with which end to end tests look at what was stored. */
import type { Sql } from "../../shared/server/postgres/pool.ts";

export type ArchivedMessage = {
  seq: number;
  partition: string;
  day: string;
  time: string;
  nickname: string;
  text: string;
};

/** Rows of one client id, with the partition they are in. */
export async function archivedMessages(sql: Sql, room: string, clientId: string): Promise<ArchivedMessage[]> {
  const rows = await sql<ArchivedMessage[]>`
    select m.seq::int as seq, m.tableoid::regclass::text as partition, m.day::text as day, to_char(m.time, 'HH24:MI:SS.MS') as time,
      m.nickname, m.text
    from messages m join rooms r on r.id = m.room_id
    where r.name = ${room} and m.client_id = ${clientId}`;
  return [...rows];
}
