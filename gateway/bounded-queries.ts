/** All queries of a gateway, each of them given up when PostgreSQL does not answer in time. */
import type { Database } from "../shared/server/database.ts";
import { ANSWER_MS, RESTORE_MS } from "../shared/timeouts.ts";
import { createAccountQueries } from "./account-queries.ts";
import { createDirectoryQueries } from "./directory-queries.ts";
import { createModerationQueries } from "./moderation-queries.ts";
import { createQueries } from "./queries.ts";
import { createRestoreQueries } from "./restore-queries.ts";
import { createRoomQueries } from "./room-queries.ts";
import { createSessionQueries } from "./session-queries.ts";

/** @param keptSince what was said before is past its retention. */
export const createBoundedQueries = (
  { sql, bounded }: Pick<Database, "sql" | "bounded">,
  keptSince: Parameters<typeof createRoomQueries>[1],
) => ({
  queries: bounded(ANSWER_MS, createQueries(sql)),
  sessionQueries: bounded(ANSWER_MS, createSessionQueries(sql)),
  directoryQueries: bounded(ANSWER_MS, createDirectoryQueries(sql)),
  roomQueries: bounded(ANSWER_MS, createRoomQueries(sql, keptSince)),
  accountQueries: bounded(ANSWER_MS, createAccountQueries(sql)),
  moderationQueries: bounded(ANSWER_MS, createModerationQueries(sql)),
  restoreQueries: bounded(RESTORE_MS, createRestoreQueries(sql, keptSince)),
});
