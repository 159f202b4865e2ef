/**
 * The tail of one room's log in this gateway's memory, in seq order. Joins and resumes are answered from here. Owns what is
 * kept and for how long; does no input or output. Events are the bytes that go to browsers.
 */
import type { LogBounds } from "../../shared/server/redis/room-state.ts";
import type { LoggedEvent, Position } from "../events/event.ts";
import { targetOf, tombstoneOf } from "../events/tombstone.ts";
import { countExpired, type KeptSince } from "./retention.ts";

/** What became of an event: appended, already known, beyond a gap, or of another epoch. */
export type AppendResult = "new" | "seen" | "gap" | "epoch";
/**
 * How a resume is answered: with these events; only the backlog can; nobody can; or the position is ahead of this memory,
 * because another gateway was told sooner.
 */
export type Answer =
  | { from: "memory"; events: LoggedEvent[] }
  | { from: "backlog" }
  | { from: "nowhere" }
  | { from: "ahead" };
/** Where an epoch stands, and up to where the one before is surely complete. */
type EpochState = { epoch: string; seq: number; prevEpoch: string; prevUpTo: number };

export type EventBuffer = ReturnType<typeof createEventBuffer>;

/** The time that is kept is measured by so many marks: the buffer may reach back that much of it further. */
const MARKS = 60;
/** So much of the buffer goes at a time, so that the array is not rebuilt at each event. */
const SLACK = 0.1;

/**
 * @param bounds `events`: the newest that are kept, and beyond them what came within `ms` and all that PostgreSQL does not
 * have yet: should Redis lose it, this memory is the only place where it is left. `bytes`: the budget, which holds for all.
 * @param keptSince older events are told to nobody.
 */
export function createEventBuffer(
  bounds: LogBounds,
  keptSince: KeptSince = () => 0,
  now = () => performance.now(),
) {
  let events: LoggedEvent[] = [];
  let bytes = 0;
  let epoch = "";
  let head = 0;
  /** Every event above this seq is in memory. */
  let completeAbove = 0;
  /** Everything up to this seq is past its retention: there is nothing older anywhere. */
  let expired = 0;
  let stored = 0;
  let previous: Position = { epoch: "", seq: 0 };
  /** Targets of the deletions in memory, each with the seq of its deletion, in the order in which they came. */
  const deletions = new Map<number, number>();
  /** Where the head stood at moments of the time that is kept; the first is the last before that time, if there is one. */
  const marks: { at: number; seq: number }[] = [];

  return {
    get position(): Position {
      return { epoch, seq: head };
    },
    get completeAbove(): number {
      forgetExpired();
      return completeAbove;
    },
    /** Up to this seq nothing can be told any more. */
    get expired(): number {
      forgetExpired();
      return expired;
    },
    /** Up to this seq PostgreSQL has everything, as far as is known here. */
    get stored(): number {
      return stored;
    },

    /** Starts over with what was read from Redis: `tail` in order, complete above `above`, ending at `seq`. */
    reset(state: EpochState & { expired?: number }, tail: LoggedEvent[], above: number): void {
      expired = state.expired ?? 0;
      events = [];
      bytes = 0;
      marks.length = 0;
      deletions.clear();
      head = above;
      completeAbove = above;
      advanceEpoch(state, tail);
    },

    advanceEpoch,

    /** Appends the event if it is the next one. */
    appendIfNext(event: LoggedEvent): AppendResult {
      // Seqs grow across epochs too: whatever is not above the head is old, whichever epoch it is of.
      if (event.seq <= head) return "seen";
      if (event.epoch !== epoch) return "epoch";
      if (event.seq !== head + 1) return "gap";
      push(event);
      return "new";
    },

    /** Replaces the bytes of each event; it keeps its place. */
    map(change: (bytes: Buffer) => Buffer): void {
      events = events.map((event) => {
        const changed = change(event.bytes);
        bytes += changed.length - event.bytes.length;
        return changed === event.bytes ? event : { ...event, bytes: changed };
      });
    },

    /** The newest events, at most `count`, and whether older ones may exist. */
    newest(count: number): { events: LoggedEvent[]; more: boolean } {
      forgetExpired();
      const start = Math.max(0, events.length - count);
      return { events: events.slice(start), more: start > 0 || completeAbove > expired };
    },

    /** Every event above a position that a client holds. Never a part: all of them or none. */
    since({ epoch: known, seq }: Position): Answer {
      forgetExpired();
      const inCurrent = known === epoch && seq <= head;
      const inPrevious = known !== "" && known === previous.epoch && seq <= previous.seq;
      if (!inCurrent && !inPrevious)
        return { from: known === "" || known === previous.epoch ? "nowhere" : "ahead" };
      if (seq < completeAbove) return { from: "backlog" };
      return { from: "memory", events: events.slice(indexAbove(seq)) };
    },

    /** Whether an event in memory deletes this one, which may be older than memory. */
    isDeleted: (seq: number): boolean => deletions.has(seq),

    /** PostgreSQL has everything up to a seq. Never falls. Called every beat, so that a room that falls silent forgets too. */
    noteStored(seq: number): void {
      stored = Math.max(stored, seq);
      mark();
      trim();
    },

    /** Everything that is kept, for a recovery. */
    all(): readonly LoggedEvent[] {
      forgetExpired();
      return events;
    },
  };

  /** Goes on into a fresh epoch that this memory joins without a gap; `tail` is what it lacked. */
  function advanceEpoch(state: EpochState, tail: LoggedEvent[]): void {
    for (const event of tail) push(event);
    epoch = state.epoch;
    head = state.seq;
    previous = { epoch: state.prevEpoch, seq: state.prevUpTo };
  }

  function push(event: LoggedEvent): void {
    mark();
    events.push(event);
    bytes += event.bytes.length;
    head = event.seq;
    const target = targetOf(event.bytes);
    if (target !== undefined) {
      deletions.set(target, event.seq);
      blank(target);
    }
    trim();
  }

  /** A deleted message must not be told to anybody who comes later. */
  function blank(target: number): void {
    const index = indexAbove(target - 1);
    const event = events[index];
    if (event?.seq !== target) return;
    const tombstone = tombstoneOf(event.bytes);
    bytes += tombstone.length - event.bytes.length;
    events[index] = { ...event, bytes: tombstone };
  }

  function mark(): void {
    const at = now();
    const last = marks.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
    if (at - last >= bounds.ms / MARKS) marks.push({ at, seq: head });
    while (marks[1] && at - marks[1].at >= bounds.ms) marks.shift();
  }

  /** Forgets the oldest events beyond the bounds. */
  function trim(): void {
    const maxBytes = bounds.bytes;
    const isWithinBytes = bytes <= maxBytes * (1 + SLACK);
    if (events.length <= bounds.events * (1 + SLACK) && isWithinBytes) return;
    // Beyond the newest stays what PostgreSQL lacks, and what came within the time.
    const old = indexAbove(Math.min(stored, marks[0]?.seq ?? head));
    let drop = Math.max(0, Math.min(events.length - bounds.events, old));
    if (drop < (events.length - drop) * SLACK && isWithinBytes) return;
    for (let i = 0; i < drop; i++) bytes -= events[i]?.bytes.length ?? 0;
    while (bytes > maxBytes && drop < events.length - 1) bytes -= events[drop++]?.bytes.length ?? 0;
    completeAbove = events[drop - 1]?.seq ?? completeAbove;
    events = events.slice(drop);
    forgetDeletions();
  }

  /** What is past its retention by now is forgotten before anything is answered from here. */
  function forgetExpired(): void {
    const count = countExpired(events, keptSince());
    if (count === 0) return;
    for (let i = 0; i < count; i++) bytes -= events[i]?.bytes.length ?? 0;
    expired = completeAbove = events[count - 1]?.seq ?? completeAbove;
    events = events.slice(count);
    forgetDeletions();
  }

  function forgetDeletions(): void {
    for (const [target, seq] of deletions) {
      if (seq > completeAbove) break;
      deletions.delete(target);
    }
  }

  /** Index of the first event above `seq`. */
  function indexAbove(seq: number): number {
    let low = 0;
    let high = events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((events[middle]?.seq ?? 0) > seq) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
