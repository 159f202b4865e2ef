/** All SQL of the load tests: what PostgreSQL holds in the end. */
import postgres from "postgres";

/** `text` is null once it was deleted. */
export type Row = { seq: number; clientId: string; text: string | null };

/** The messages of a room as the archive has them, by seq. */
export async function readRows(databaseUrl: string, room: string): Promise<Row[]> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    return await sql<Row[]>`
      select seq::float8 as seq, client_id as "clientId", text from messages
      join rooms on rooms.id = room_id
      where rooms.name = ${room} and kind = 'message' order by seq`;
  } finally {
    await sql.end({ timeout: 2 });
  }
}
