/** What all processes on one database must agree on; the first one to start decides. */
import type { Sql } from "./postgres.ts";

/**
 * Remembers the number of shards when none is known yet.
 * @throws Error when the data was written with another number: rooms would be looked for under other keys.
 */
export async function checkShards(sql: Sql, shards: number): Promise<void> {
  await sql`insert into cluster (key, value) values ('shards', ${String(shards)}) on conflict do nothing`;
  const [row] = await sql<{ value: string }[]>`select value from cluster where key = 'shards'`;
  if (row?.value !== String(shards))
    throw new Error(
      `SUDA_SHARDS is ${shards}, but this database was started with ${row?.value}. The number is fixed for the life of the data.`,
    );
}
