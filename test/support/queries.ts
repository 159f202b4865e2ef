/** SQL with which end-to-end tests check stored rows. */
import type { Sql } from "../../shared/server/postgres/pool.ts";

export type ArchivedMessage = {
  seq: number;
  partition: string;
  day: string;
  time: string;
  nickname: string;
  text: string;
};

/** The rows of one client id, with their partitions. */
export async function archivedMessages(sql: Sql, room: string, clientId: string): Promise<ArchivedMessage[]> {
  const rows = await sql<ArchivedMessage[]>`
    select m.seq::int as seq, m.tableoid::regclass::text as partition, m.day::text as day, to_char(m.time, 'HH24:MI:SS.MS') as time,
      m.nickname, m.text
    from messages m join rooms r on r.id = m.room_id
    where r.name = ${room} and m.client_id = ${clientId}`;
  return [...rows];
}

/** How many messages are rows, and how many were set aside. */
export async function countOutcomes(sql: Sql): Promise<{ rows: number; deadLetters: number } | undefined> {
  const [found] = await sql<{ rows: number; deadLetters: number }[]>`
    select (select count(*)::integer from messages where kind = 'message') as rows,
      (select count(*)::integer from dead_letters) as "deadLetters"`;
  return found && { ...found };
}
