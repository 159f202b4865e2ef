/** All queries of a gateway, each of them given up when PostgreSQL does not answer in time. */
import type { Database } from "../../shared/server/postgres/deadline.ts";
import { ANSWER_MS, RESTORE_MS } from "../../shared/timeouts.ts";
import { createAccountQueries } from "../accounts/account-queries.ts";
import { createQueries } from "../accounts/user-queries.ts";
import { createRoomQueries } from "../accounts/user-state-queries.ts";
import { createModerationQueries } from "../moderation/moderation-queries.ts";
import { createRestoreQueries } from "../recovery/recovery-queries.ts";
import { createDirectoryQueries } from "../rooms/room-queries.ts";
import { createSessionQueries } from "../sessions/session-queries.ts";

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
