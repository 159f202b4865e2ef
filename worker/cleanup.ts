/**
 * Removes expired data from PostgreSQL: sessions and tokens, names of closed accounts, message texts kept by reports, commands from Kafka. Does not
 * own days past the retention, which retention.ts drops, nor Redis: expiry.ts removes events from the logs of rooms, and all other keys expire by
 * themselves or are trimmed by their writers.
 */

import type { Sql } from "../shared/server/postgres/pool.ts";
import type { Log } from "../shared/server/process/logger.ts";
import { eraseClosed } from "./closed-accounts.ts";
import { createCommandUpkeepQueries } from "./command-queries.ts";
import { createConnectionQueries } from "./connection-queries.ts";
import { createMentionQueries } from "./mention-queries.ts";
import { oldestKept } from "./partitions.ts";
import { createReactionUpkeepQueries } from "./reaction-queries.ts";
import { createReportQueries } from "./report-queries.ts";
import { createSessionQueries } from "./session-queries.ts";

/** Max rows per statement, so that none holds its locks for long. */
const CHUNK = 5_000;

/** `messages`: 0 keeps them forever. */
type KeptDays = { messages: number; connections: number };

/**
 * @param surely ms since the epoch, by a clock that is safe against jumps, because
 *   a session that is deleted too early becomes valid again.
 */
export async function cleanUp(sql: Sql, surely: number, days: KeptDays, log: Log): Promise<void> {
  const { deleteOldConnections } = createConnectionQueries(sql);
  const { deleteOldSessions, deleteUselessTokens } = createSessionQueries(sql);
  const connections = await inChunks((max) => deleteOldConnections(days.connections, max));
  const sessions = await inChunks((max) => deleteOldSessions(surely, max));
  const refreshTokens = await inChunks(deleteUselessTokens);
  const names = await eraseClosed(sql);
  const reports = await createReportQueries(sql).eraseReported(oldestKept(surely, days.messages));
  const oldest = oldestKept(surely, days.messages);
  const { forgetBefore } = createMentionQueries(sql);
  const mentions = await inChunks((max) => forgetBefore(oldest, max));
  const { removeBefore } = createReactionUpkeepQueries(sql);
  const reactions = oldest === undefined ? 0 : await inChunks((max) => removeBefore(oldest, max));
  const { forgetCommands } = createCommandUpkeepQueries(sql);
  const commands = await inChunks((max) => forgetCommands(surely, max));
  log.info(
    { connections, sessions, refreshTokens, names, reports, mentions, reactions, commands },
    "cleaned up",
  );
}

/** Deletes rotated refresh tokens. Runs often, because a client that refreshes in a loop creates one each time. */
export async function forgetTokens(sql: Sql): Promise<boolean> {
  await inChunks(createSessionQueries(sql).deleteSpentTokens);
  return false;
}

async function inChunks(remove: (max: number) => Promise<number>): Promise<number> {
  let total = 0;
  for (;;) {
    const removed = await remove(CHUNK);
    total += removed;
    if (removed < CHUNK) return total;
  }
}
