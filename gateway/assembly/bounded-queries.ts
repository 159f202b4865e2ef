/** The queries of all rooms on the gateway's pool; each fails when PostgreSQL does not answer in time. */
import type { Database } from "../../shared/server/postgres/deadline.ts";
import { ANSWER_MS, RESTORE_MS } from "../../shared/timeouts.ts";
import { createAccountQueries } from "../accounts/account-queries.ts";
import { createUserQueries } from "../accounts/user-queries.ts";
import { createArchiveQueries } from "../history/archive-queries.ts";
import { createModerationQueries } from "../moderation/moderation-queries.ts";
import { createReportsQueries } from "../moderation/reports-queries.ts";
import { createConnectionQueries } from "../presence/connection-queries.ts";
import { createRecoveryQueries } from "../recovery/recovery-queries.ts";
import type { KeptSince } from "../room-log/retention.ts";
import { createRoomQueries } from "../rooms/room-queries.ts";
import { createSessionQueries } from "../sessions/session-queries.ts";

/** @param keptSince what was said before is past its retention. */
export const createBoundedQueries = (
  { sql, bounded }: Pick<Database, "sql" | "bounded">,
  keptSince: KeptSince,
) => ({
  accounts: bounded(ANSWER_MS, createAccountQueries(sql)),
  users: bounded(ANSWER_MS, createUserQueries(sql)),
  sessions: bounded(ANSWER_MS, createSessionQueries(sql)),
  connections: bounded(ANSWER_MS, createConnectionQueries(sql)),
  rooms: bounded(ANSWER_MS, createRoomQueries(sql)),
  archive: bounded(ANSWER_MS, createArchiveQueries(sql, keptSince)),
  moderation: bounded(ANSWER_MS, createModerationQueries(sql)),
  reports: bounded(ANSWER_MS, createReportsQueries(sql)),
  recovery: bounded(RESTORE_MS, createRecoveryQueries(sql, keptSince)),
});
