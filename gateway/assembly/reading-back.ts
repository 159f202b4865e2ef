/** Older pages and searches for rooms have PostgreSQL connections of their own, so that they neither wait for messages nor make them wait. */

import type { OpenLane } from "../../shared/server/postgres/lanes.ts";
import type { Config } from "../../shared/server/process/config.ts";
import { createArchiveQueries } from "../history/archive-queries.ts";
import { createReadingGate } from "../limits/reading-gate.ts";
import type { KeptSince } from "../room-log/retention.ts";
import { createRoomQueries } from "../rooms/room-queries.ts";

/** Few, since a machine that is busy with old pages is slow for those who talk. */
const CONNECTIONS = 2;
/** Reads of one address that run or wait; of all that wait, and for how long. */
const READS_PER_ADDRESS = 8;
const READS_WAITING = 50;
const WAIT_MS = 2_000;

export type ReadingBackOptions = {
  /** PostgreSQL gives a statement up that takes so long; one that does not answer in time counts as an outage. */
  statementMs: number;
  limitMs: number;
  keptSince: KeptSince;
};
type Settings = Pick<Config, "limits" | "pagesPerSecond">;

/** Without limits an address may read as much as all may. */
export function openReadingBack(
  { limits, pagesPerSecond }: Settings,
  openLane: OpenLane,
  { statementMs, limitMs, keptSince }: ReadingBackOptions,
) {
  const database = openLane("reading back", {
    connections: CONNECTIONS,
    statementMs,
    limitMs,
    waitMs: WAIT_MS,
  });
  return {
    archive: database.bounded(limitMs, (sql) => createArchiveQueries(sql, keptSince)),
    directory: database.bounded(limitMs, createRoomQueries),
    gate: createReadingGate({
      running: CONNECTIONS,
      perSecond: pagesPerSecond,
      perReader: limits ? READS_PER_ADDRESS : Number.POSITIVE_INFINITY,
      waiting: READS_WAITING,
      waitMs: WAIT_MS,
    }),
    close: database.close,
  };
}
