/** The way of connection records from the gateways to the worker: a stream of batches. */
import type { Commands } from "./connect.ts";
import type { RedisKeys } from "./keys.ts";

export type ConnectionScripts = ReturnType<typeof openConnectionScripts>;

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
      /** Of short connections the first, and how many there were; a later record of this id has a higher number. */
      times?: number;
    }
  | { kind: "closed"; id: string; at: number };
export type ConnectionBatch = { id: string; records: ConnectionRecord[] };

/** Batches kept while no worker takes them, and bytes, as if all were as large as the newest; the oldest go first. */
const MOST_BATCHES = 20_000;
const MOST_BYTES = 32 << 20;
const BATCH_RECORDS = 200;

export function openConnectionScripts(redis: Commands, keys: RedisKeys) {
  return {
    /** In batches of their own, in order. */
    async add(records: ConnectionRecord[]): Promise<void> {
      for (let from = 0; from < records.length; from += BATCH_RECORDS) {
        const batch = JSON.stringify(records.slice(from, from + BATCH_RECORDS));
        const most = Math.min(MOST_BATCHES, Math.ceil(MOST_BYTES / batch.length));
        await redis.xadd(keys.connections, "MAXLEN", "~", most, "*", "records", batch);
      }
    },

    /** The oldest batches, in order. */
    async oldest(most: number): Promise<ConnectionBatch[]> {
      const rows = await redis.xrange(keys.connections, "-", "+", "COUNT", most);
      return rows.map(([id, fields]) => ({
        id,
        records: JSON.parse(fields[1] ?? "[]") as ConnectionRecord[],
      }));
    },

    /** Forgets batches that PostgreSQL has. */
    async done(ids: string[]): Promise<void> {
      if (ids.length > 0) await redis.xdel(keys.connections, ...ids);
    },

    /** Gateway boots whose lease on any one shard is alive; each boot holds one on every shard. */
    async livingBoots(): Promise<string[]> {
      const [seconds] = await redis.time();
      return redis.zrangebyscore(keys.presence(0), Number(seconds) * 1_000, "+inf");
    },
  };
}
