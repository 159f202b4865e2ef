/** Copies connection records from the gateways' stream to PostgreSQL, and ends those whose gateway was killed. */

import type { Database } from "../shared/server/postgres/database.ts";
import type { ConnectionRecordStore } from "../shared/server/redis/connection-record-store.ts";
import type { PresenceStore } from "../shared/server/redis/presence-store.ts";
import { createConnectionQueries } from "./connection-queries.ts";

type ConnectionsDeps = {
  records: ConnectionRecordStore;
  presence: Pick<PresenceStore, "livingInstances">;
  database: Database;
  writeLimitMs: number;
};

/** Max batches that are written together; each one is from one heartbeat of a gateway. */
const MAX_BATCHES = 200;

/** Writes pending records. Idempotent. @returns true if more are pending. */
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
      const { addConnections, endConnections } = createConnectionQueries(tx);
      await addConnections(all.filter((record) => record.kind === "opened"));
      await endConnections(all.filter((record) => record.kind === "closed"));
    }),
  );
  await records.remove(batches.map(({ id }) => id));
  return batches.length === MAX_BATCHES;
}

/**
 * Ends the connections of node instances without a lease. An instance counts as dead only after two consecutive polls without
 * its lease, because an emptied Redis is repopulated within a few seconds.
 */
export function createOrphanSweep({ presence, database, writeLimitMs }: Omit<ConnectionsDeps, "records">) {
  let missing = new Set<string>();
  return async (): Promise<boolean> => {
    await database.use(writeLimitMs, async (sql) => {
      const { findOpenInstances, endConnectionsOf } = createConnectionQueries(sql);
      const open = await findOpenInstances();
      const living = new Set(await presence.livingInstances());
      const gone = open.filter((instance) => !living.has(instance));
      const orphaned = gone.filter((instance) => missing.has(instance));
      if (orphaned.length > 0) await endConnectionsOf(orphaned);
      missing = new Set(gone);
    });
    return false;
  };
}
