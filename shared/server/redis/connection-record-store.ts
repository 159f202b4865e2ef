/** The stream in Redis by which gateways send connection records to the worker, in batches. */
import type { Commands } from "./connect.ts";
import type { RedisKeys } from "./keys.ts";

export type ConnectionRecordStore = ReturnType<typeof openConnectionRecordStore>;

export type ConnectionRecord =
  | {
      kind: "opened";
      id: string;
      user: string;
      session: string;
      at: number;
      ip: string;
      userAgent: string;
      gateway: string;
      boot: string;
      /** The number of short connections that this record stands for; a later record with the same id has a higher number. */
      times?: number;
    }
  | { kind: "closed"; id: string; at: number };
type ConnectionBatch = { id: string; records: ConnectionRecord[] };

/** Max batches, and max bytes estimated by the size of the newest batch, that are kept without a worker; the oldest are dropped first. */
const MAX_BATCHES = 20_000;
const MAX_BYTES = 32 << 20;
const BATCH_RECORDS = 200;

export function openConnectionRecordStore(redis: Commands, keys: RedisKeys) {
  return {
    /** Adds records as new batches, in order. */
    async add(records: ConnectionRecord[]): Promise<void> {
      for (let from = 0; from < records.length; from += BATCH_RECORDS) {
        const batch = JSON.stringify(records.slice(from, from + BATCH_RECORDS));
        const max = Math.min(MAX_BATCHES, Math.ceil(MAX_BYTES / batch.length));
        await redis.xadd(keys.connections, "MAXLEN", "~", max, "*", "records", batch);
      }
    },

    /** The oldest batches, in order. */
    async listOldest(max: number): Promise<ConnectionBatch[]> {
      const rows = await redis.xrange(keys.connections, "-", "+", "COUNT", max);
      return rows.map(([id, fields]) => ({
        id,
        records: JSON.parse(fields[1] ?? "[]") as ConnectionRecord[],
      }));
    },

    /** Removes batches that PostgreSQL has. */
    async remove(ids: string[]): Promise<void> {
      if (ids.length > 0) await redis.xdel(keys.connections, ...ids);
    },
  };
}
