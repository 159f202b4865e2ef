/**
 * What time has made useless: partitions beyond the retention, sessions and tokens that nobody can use any more, the
 * names of accounts that closed, what reports kept of messages.
 * Redis needs no sweep: each of its keys has a life of its own or is trimmed where it grows.
 */
import type { Log } from "../shared/server/log.ts";
import type { Sql } from "../shared/server/postgres.ts";
import { deleteOldConnections } from "./connection-queries.ts";
import { dropExpired, oldestKept } from "./partitions.ts";
import { deleteOldRefreshTokens, deleteOldSessions, eraseClosed } from "./queries.ts";
import { eraseReported } from "./report-queries.ts";

/** Rows a statement, so that none holds its locks for long. */
const CHUNK = 5_000;

/** `messages`: 0 keeps them for ever. */
export type KeptDays = { messages: number; connections: number };

/** @param now milliseconds since the epoch. */
export async function cleanUp(sql: Sql, now: number, days: KeptDays, log: Log): Promise<void> {
  const partitions = await dropExpired(sql, now, days.messages);
  const connections = await inChunks((most) => deleteOldConnections(sql, days.connections, most));
  const sessions = await inChunks((most) => deleteOldSessions(sql, most));
  const refreshTokens = await inChunks((most) => deleteOldRefreshTokens(sql, most));
  const names = await eraseClosed(sql);
  const reports = await eraseReported(sql, oldestKept(now, days.messages));
  log.info({ partitions, connections, sessions, refreshTokens, names, reports }, "cleaned up");
}

async function inChunks(remove: (most: number) => Promise<number>): Promise<number> {
  let total = 0;
  for (;;) {
    const removed = await remove(CHUNK);
    total += removed;
    if (removed < CHUNK) return total;
  }
}
