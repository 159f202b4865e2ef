/** How far a user has read, from Redis, and from PostgreSQL where Redis does not know all of it. */
import { createGroupCommit } from "../../shared/server/redis/group-commit.ts";
import type { ReadStore } from "../../shared/server/redis/read-store.ts";
import type { PositionQueries } from "./position-queries.ts";

const USER_BYTES = 80;

/** @returns a function that finds the reads of a user, by room. @throws Unavailable. */
export function createKnownReads(store: Pick<ReadStore, "find" | "keep">, queries: PositionQueries) {
  /** Thousands may come at once, after an update. */
  const archivedOf = createGroupCommit(queries.readsOfAll, () => USER_BYTES);

  return async (userId: string): Promise<[room: string, seq: number][]> => {
    const { reads, run, isComplete } = await store.find(userId);
    if (isComplete) return [...reads];
    const archived = await archivedOf(userId);
    await store.keep(userId, run, archived);
    return [...reads, ...archived];
  };
}
