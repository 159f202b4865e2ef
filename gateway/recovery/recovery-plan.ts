/**
 * Plans the log of a room after Redis lost data: PostgreSQL up to its last seq, this gateway's memory above. Pure. Owns
 * the decision; recover-room.ts reads and writes.
 */

import type { LoggedEvent, Position } from "../events/event.ts";
import { withDeletions } from "../events/tombstone.ts";

export type Sources = {
  /** The position in Redis; undefined: Redis does not know the room. */
  redis: Position | undefined;
  postgresSeq: number;
  /** The newest events of PostgreSQL, in order; needed only if it has more than Redis. */
  archived: readonly LoggedEvent[];
  /** This gateway's memory: everything above `completeAbove`. */
  memory: { position: Position; completeAbove: number; events: readonly LoggedEvent[] } | undefined;
  /** How many of the newest events are put back although PostgreSQL has them. */
  newest?: number;
};
export type RecoveryPlan = {
  /**
   * In order, without a gap, and without those that Redis has. Older events of PostgreSQL are left out, because Redis
   * blocks while it takes the log of a busy room; clients that lack them get them from PostgreSQL.
   */
  entries: LoggedEvent[];
  /** The previous epoch, and the seq up to which it is certainly complete. */
  prevEpoch: string;
  prevUpTo: number;
  /** The highest seq ever given out, as far as this node knows. */
  top: number;
  /** Number of events that are lost for good. */
  lost: number;
};

export function planRecovery(sources: Sources): RecoveryPlan {
  const { redis, postgresSeq, archived, memory } = sources;
  const known = redis?.seq ?? 0;
  const kept = Math.max(known, postgresSeq);
  const memorySeq = memory?.position.seq ?? 0;
  const top = Math.max(kept, memorySeq);
  const prevEpoch = redis?.epoch ?? memory?.position.epoch ?? "";
  // Memory of another epoch may differ from this one, and memory beyond a gap would leave a gap in the log.
  const fits = memory !== undefined && memorySeq > kept && memory.position.epoch === prevEpoch;
  const isContiguous = fits && memory.completeAbove <= kept;
  const older = archived.filter(({ seq }) => seq > known);
  if (isContiguous) {
    const entries = lacking(merged(older, memory.events), sources);
    return { entries, prevEpoch, prevUpTo: memorySeq, top, lost: 0 };
  }
  if (fits && redis === undefined) {
    // The events in the gap are missing in history, though readers have seen them, so no client may resume without
    // notice.
    const entries = lacking(memory.events, sources);
    return { entries, prevEpoch: "", prevUpTo: memorySeq, top, lost: memory.completeAbove - postgresSeq };
  }
  return { entries: older, prevEpoch, prevUpTo: kept, top, lost: top - kept };
}

/** The events that Redis lacks: all that PostgreSQL does not have, and the newest of those that it has. */
function lacking(
  events: readonly LoggedEvent[],
  { redis, postgresSeq, newest = Number.POSITIVE_INFINITY }: Sources,
): LoggedEvent[] {
  const above = events.filter(({ seq }) => seq > (redis?.seq ?? 0));
  return above.filter(({ seq }, index) => seq > postgresSeq || index >= above.length - newest);
}

/** By seq. Memory wins where both have an event, because it knows deletions that PostgreSQL does not have yet. */
function merged(archived: readonly LoggedEvent[], memory: readonly LoggedEvent[]): LoggedEvent[] {
  const bySeq = new Map([...archived, ...memory].map((event) => [event.seq, event]));
  return [...withDeletions([...bySeq.values()])].sort((a, b) => a.seq - b.seq);
}
