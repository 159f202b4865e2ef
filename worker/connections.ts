/** Records of connections: from the gateways' stream into PostgreSQL, and the end of those whose gateway was killed. */

import type { Database } from "../shared/server/postgres/deadline.ts";
import type { ConnectionRecordStore } from "../shared/server/redis/connection-record-store.ts";
import type { PresenceStore } from "../shared/server/redis/presence-store.ts";
import { addConnections, endConnections, endConnectionsOf, findOpenBoots } from "./connection-queries.ts";

type ConnectionsDeps = {
  records: ConnectionRecordStore;
  presence: Pick<PresenceStore, "livingBoots">;
  database: Database;
  writeLimitMs: number;
};

/** Batches, each of one gateway and one beat, that are written together. */
const MAX_BATCHES = 200;

/** Writes what waits; written twice it changes nothing. @returns true when more waits. */
export async function recordConnections({
  records,
  database,
  writeLimitMs,
}: Omit<ConnectionsDeps, "presence">): Promise<boolean> {
  const batches = await records.listOldest(MAX_BATCHES);
  if (batches.length === 0) return false;
  const all = batches.flatMap((batch) => batch.records);
  await database.use(writeLimitMs, (sql) =>
    sql.begin(async (tx) => {
      await addConnections(
        tx,
        all.filter((record) => record.kind === "opened"),
      );
      await endConnections(
        tx,
        all.filter((record) => record.kind === "closed"),
      );
    }),
  );
  await records.remove(batches.map(({ id }) => id));
  return batches.length === MAX_BATCHES;
}

/**
 * Ends the connections of boots without a lease. A boot counts as dead only after two consecutive polls without its lease,
 * because an emptied Redis is repopulated within a second.
 */
export function createOrphanSweep({ presence, database, writeLimitMs }: Omit<ConnectionsDeps, "records">) {
  let missing = new Set<string>();
  return async (): Promise<boolean> => {
    await database.use(writeLimitMs, async (sql) => {
      const open = await findOpenBoots(sql);
      const living = new Set(await presence.livingBoots());
      const gone = open.filter((boot) => !living.has(boot));
      const orphaned = gone.filter((boot) => missing.has(boot));
      if (orphaned.length > 0) await endConnectionsOf(sql, orphaned);
      missing = new Set(gone);
    });
    return false;
  };
}
