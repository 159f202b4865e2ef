/** Writes how far users have read behind Redis to PostgreSQL. Safe to crash at any point, to repeat and to race another worker. */
import type { Database } from "../shared/server/postgres/database.ts";
import type { Move, ReadStore } from "../shared/server/redis/read-store.ts";
import { createReadPositionQueries } from "./read-position-queries.ts";

export type ReadPositionsDeps = {
  store: Pick<ReadStore, "listMoved" | "settle">;
  shards: number;
  database: Pick<Database, "use">;
  limitMs: number;
};

/** Max rows of one statement. */
const PIECE = 1_000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Writes what has moved. @returns false, because one run writes all of it. */
export async function writeReads({ store, shards, database, limitMs }: ReadPositionsDeps): Promise<false> {
  for (let shard = 0; shard < shards; shard++) {
    const moved = await store.listMoved(shard);
    for (let from = 0; from < moved.length; from += PIECE) {
      const piece = moved.slice(from, from + PIECE);
      const valid = piece.filter(isValid);
      if (valid.length > 0)
        await database.use(limitMs, (sql) => createReadPositionQueries(sql).moveForward(valid));
      await store.settle(shard, piece);
    }
  }
  return false;
}

const isValid = ({ userId, seq }: Move): boolean => UUID.test(userId) && Number.isSafeInteger(seq);
