/** Records of connections: from the gateways' stream into PostgreSQL, and the end of those whose gateway was killed. */

import type { Database } from "../shared/server/postgres/deadline.ts";
import type { ConnectionScripts } from "../shared/server/redis/connection-record-store.ts";
import { addConnections, endConnections, endConnectionsOf, findOpenBoots } from "./connection-queries.ts";

export type ConnectionsDeps = { scripts: ConnectionScripts; database: Database; writeLimitMs: number };

/** Batches, each of one gateway and one beat, that are written together. */
const MAX_BATCHES = 200;

/** Writes what waits; written twice it changes nothing. @returns true when more waits. */
export async function recordConnections({
  scripts,
  database,
  writeLimitMs,
}: ConnectionsDeps): Promise<boolean> {
  const batches = await scripts.oldest(MAX_BATCHES);
  if (batches.length === 0) return false;
  const records = batches.flatMap((batch) => batch.records);
  await database.use(writeLimitMs, (sql) =>
    sql.begin(async (tx) => {
      await addConnections(
        tx,
        records.filter((record) => record.kind === "opened"),
      );
      await endConnections(
        tx,
        records.filter((record) => record.kind === "closed"),
      );
    }),
  );
  await scripts.done(batches.map(({ id }) => id));
  return batches.length === MAX_BATCHES;
}

/**
 * Ends the connections of boots without a lease. A boot counts as dead only after two consecutive polls without its lease,
 * because an emptied Redis is repopulated within a second.
 */
export function createOrphanSweep({ scripts, database, writeLimitMs }: ConnectionsDeps) {
  let missing = new Set<string>();
  return async (): Promise<boolean> => {
    await database.use(writeLimitMs, async (sql) => {
      const open = await findOpenBoots(sql);
      const living = new Set(await scripts.livingBoots());
      const gone = open.filter((boot) => !living.has(boot));
      const orphaned = gone.filter((boot) => missing.has(boot));
      if (orphaned.length > 0) await endConnectionsOf(sql, orphaned);
      missing = new Set(gone);
    });
    return false;
  };
}
