/**
 * Older pages and searches for rooms have PostgreSQL connections of their own, so that reads and messages never wait
 * for each other.
 */

import { GATEWAY_LANES } from "../../shared/server/postgres/lane-sizes.ts";
import type { OpenLane } from "../../shared/server/postgres/lanes.ts";
import type { Config } from "../../shared/server/process/config.ts";
import { READ_TURN_MS } from "../../shared/timeouts.ts";
import { createArchiveQueries } from "../history/archive-queries.ts";
import { createDayMemory } from "../history/day-memory.ts";
import { createSearchQueries } from "../history/search-queries.ts";
import { createReadingGate } from "../limits/reading-gate.ts";
import { createMentionQueries } from "../mentions/mention-queries.ts";
import { createReactionQueries } from "../messages/reactions/reaction-queries.ts";
import type { KeptSince } from "../room-log/retention.ts";
import { createRoomQueries } from "../rooms/room-queries.ts";

const CONNECTIONS = GATEWAY_LANES["reading back"];
/** Limits of reads, running or waiting: by address, and of those waiting in all. */
const READS_PER_ADDRESS = 8;
const READS_WAITING = 50;

export type ReadingBackOptions = {
  /** `statement_timeout`, ms; a statement without an answer in time counts as an outage. */
  statementMs: number;
  limitMs: number;
  keptSince: KeptSince;
};
type Settings = Pick<Config, "limits" | "pagesPerSecond">;

/** With limits off one address may read as much as all together. */
export function openReadingBack(
  { limits, pagesPerSecond }: Settings,
  openLane: OpenLane,
  { statementMs, limitMs, keptSince }: ReadingBackOptions,
) {
  const database = openLane("reading back", {
    connections: CONNECTIONS,
    statementMs,
    limitMs,
    waitMs: READ_TURN_MS,
  });
  const memory = createDayMemory();
  const bounds = { waiting: READS_WAITING, waitMs: READ_TURN_MS, perSecond: pagesPerSecond };
  return {
    archive: database.bounded(limitMs, (sql) => createArchiveQueries(sql, keptSince, memory)),
    mentions: database.bounded(limitMs, (sql) => createMentionQueries(sql, keptSince)),
    reactions: database.bounded(limitMs, createReactionQueries),
    searches: database.bounded(limitMs, (sql) => createSearchQueries(sql, keptSince)),
    directory: database.bounded(limitMs, createRoomQueries),
    gate: createReadingGate({
      ...{ ...bounds, running: CONNECTIONS },
      perReader: limits ? READS_PER_ADDRESS : Number.POSITIVE_INFINITY,
    }),
    /** For old messages that are replied to: one at a time, apart from the pages. */
    targetGate: createReadingGate({ ...bounds, running: 1, perReader: Number.POSITIVE_INFINITY }),
    close: database.close,
  };
}
