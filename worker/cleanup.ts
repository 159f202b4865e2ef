/**
 * Removes what is past its time: partitions beyond the retention, expired sessions and tokens, names of closed accounts, message
 * texts kept by reports.
 * Of Redis only the logs of rooms are swept (expiry.ts): its other keys have a life of their own or are trimmed where they grow.
 */

import type { Sql } from "../shared/server/postgres/pool.ts";
import type { Log } from "../shared/server/process/logger.ts";
import { eraseClosed } from "./closed-accounts.ts";
import { deleteOldConnections } from "./connection-queries.ts";
import { dropExpired, oldestKept } from "./partitions.ts";
import { eraseReported } from "./report-queries.ts";
import { deleteOldSessions, deleteSpentTokens, deleteUselessTokens } from "./session-queries.ts";

/** Rows a statement, so that none holds its locks for long. */
const CHUNK = 5_000;

/** `messages`: 0 keeps them for ever. */
type KeptDays = { messages: number; connections: number };

/**
 * @param surely milliseconds since the epoch, by a clock that no jump misleads: what is dropped too early is gone for good, and
 * sessions that are forgotten too early come back to life.
 */
export async function cleanUp(sql: Sql, surely: number, days: KeptDays, log: Log): Promise<void> {
  const partitions = await dropExpired(sql, surely, days.messages);
  const connections = await inChunks((max) => deleteOldConnections(sql, days.connections, max));
  const sessions = await inChunks((max) => deleteOldSessions(sql, surely, max));
  const refreshTokens = await inChunks((max) => deleteUselessTokens(sql, max));
  const names = await eraseClosed(sql);
  const reports = await eraseReported(sql, oldestKept(surely, days.messages));
  log.info({ partitions, connections, sessions, refreshTokens, names, reports }, "cleaned up");
}

/** Refresh tokens that were rotated away; often, since somebody who refreshes without end makes one each time. */
export async function forgetTokens(sql: Sql): Promise<boolean> {
  await inChunks((max) => deleteSpentTokens(sql, max));
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
