/**
 * How a room's log is rebuilt after Redis lost data: PostgreSQL up to its last seq, this gateway's memory above. Pure; owns
 * the decision, not the reading and writing, which recover-room.ts does.
 */

import type { LoggedEvent, Position } from "../events/event.ts";
import { withDeletions } from "../events/tombstone.ts";

export type Sources = {
  /** Where the room stands in Redis; undefined: Redis does not know it. */
  redis: Position | undefined;
  postgresSeq: number;
  /** The newest events of PostgreSQL, in order; needed only where it has more than Redis. */
  archived: readonly LoggedEvent[];
  /** What this gateway holds: everything above `completeAbove`. */
  memory: { position: Position; completeAbove: number; events: readonly LoggedEvent[] } | undefined;
  /** So many of the newest are put back though PostgreSQL has them. */
  newest?: number;
};
export type RecoveryPlan = {
  /**
   * In order, without a gap, and none that Redis has. What PostgreSQL has beyond the newest is read there by those who lack
   * it, because Redis answers nobody while it takes the log of a busy room back.
   */
  entries: LoggedEvent[];
  /** The epoch before, and the seq up to which it is surely complete. */
  prevEpoch: string;
  prevUpTo: number;
  /** The highest seq that anybody was given, as far as is known here. */
  top: number;
  /** Events that are surely gone. */
  lost: number;
};

export function planRecovery(sources: Sources): RecoveryPlan {
  const { redis, postgresSeq, archived, memory } = sources;
  const known = redis?.seq ?? 0;
  const kept = Math.max(known, postgresSeq);
  const memorySeq = memory?.position.seq ?? 0;
  const top = Math.max(kept, memorySeq);
  const prevEpoch = redis?.epoch ?? memory?.position.epoch ?? "";
  // Memory of another epoch says nothing about this one, and memory beyond a gap would make the log lie.
  const fits = memory !== undefined && memorySeq > kept && memory.position.epoch === prevEpoch;
  const isContiguous = fits && memory.completeAbove <= kept;
  const older = archived.filter(({ seq }) => seq > known);
  if (isContiguous) {
    const entries = lacking(merged(older, memory.events), sources);
    return { entries, prevEpoch, prevUpTo: memorySeq, top, lost: 0 };
  }
  if (fits && redis === undefined) {
    // The events in the gap are gone from history, though readers have seen them: nobody may go on as if nothing had happened.
    const entries = lacking(memory.events, sources);
    return { entries, prevEpoch: "", prevUpTo: memorySeq, top, lost: memory.completeAbove - postgresSeq };
  }
  return { entries: older, prevEpoch, prevUpTo: kept, top, lost: top - kept };
}

/** What Redis lacks: everything that PostgreSQL does not have, and the newest of what it has. */
function lacking(
  events: readonly LoggedEvent[],
  { redis, postgresSeq, newest = Number.POSITIVE_INFINITY }: Sources,
): LoggedEvent[] {
  const above = events.filter(({ seq }) => seq > (redis?.seq ?? 0));
  return above.filter(({ seq }, index) => seq > postgresSeq || index >= above.length - newest);
}

/** By seq; memory is right where both have an event, and knows deletions that PostgreSQL does not have yet. */
function merged(archived: readonly LoggedEvent[], memory: readonly LoggedEvent[]): LoggedEvent[] {
  const bySeq = new Map([...archived, ...memory].map((event) => [event.seq, event]));
  return [...withDeletions([...bySeq.values()])].sort((a, b) => a.seq - b.seq);
}
