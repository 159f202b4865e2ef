/**
 * The tail of one room's log in this gateway's memory, in seq order, from which joins and resumes are answered. Owns
 * which events stay and how long. Does no input or output. Events are the bytes that go to browsers.
 */
import { isRemoved, type Removal } from "../../shared/server/redis/removal-store.ts";
import type { LogBounds } from "../../shared/server/redis/room-state.ts";
import type { LoggedEvent, Position } from "../events/event.ts";
import { removalOf, writerOf } from "../events/removal.ts";
import { deletionIn, tombstoneOf } from "../events/tombstone.ts";
import { countExpired, type KeptSince } from "./retention.ts";

/** Result of an append: appended, already known, beyond a gap, or of another epoch. */
export type AppendResult = "new" | "seen" | "gap" | "epoch";
/**
 * The answer to a resume: these events; only the backlog has them; nobody has them; or the position is ahead of this
 * memory, because another gateway got its events sooner.
 */
export type Answer =
  | { from: "memory"; events: LoggedEvent[] }
  | { from: "backlog" }
  | { from: "nowhere" }
  | { from: "ahead" };
/** The head of an epoch, and the last complete seq of the previous one. */
type EpochState = { epoch: string; seq: number; prevEpoch: string; prevUpTo: number };

export type EventBuffer = ReturnType<typeof createEventBuffer>;

/** Marks that measure the time window: the buffer may exceed the window by one of them. */
const MARKS = 60;
/** Share of the buffer that is trimmed at a time, so that the array is not rebuilt at each event. */
const SLACK = 0.1;

/**
 * @param bounds `events`: how many of the newest stay. Beyond them stay events of the last `ms`, and events that
 * PostgreSQL does not have yet, because this memory would be the only copy if Redis lost them. `bytes`: the budget for
 * all.
 * @param keptSince events from before this moment are past their retention.
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
  /** Every event up to this seq is past its retention: nothing older exists anywhere. */
  let expired = 0;
  let stored = 0;
  let previous: Position = { epoch: "", seq: 0 };
  /** The seq of the deletion by the seq of its target, for deletions in memory, in order of arrival. */
  const deletions = new Map<number, number>();
  /** The removals in memory, in order of arrival. */
  let removals: Removal[] = [];
  /** The head at moments of the time window; the first mark is the last one before the window, if there is any. */
  const marks: { at: number; seq: number }[] = [];

  return {
    get position(): Position {
      return { epoch, seq: head };
    },
    get completeAbove(): number {
      forgetExpired();
      return completeAbove;
    },
    /** Highest seq that is past its retention. */
    get expired(): number {
      forgetExpired();
      return expired;
    },
    /** Highest seq up to which PostgreSQL has everything, as far as this node knows. */
    get stored(): number {
      return stored;
    },

    /** Starts over with a read of Redis: `tail` in order, complete above `above`, ending at `seq`. */
    reset(state: EpochState & { expired?: number }, tail: LoggedEvent[], above: number): void {
      expired = state.expired ?? 0;
      events = [];
      bytes = 0;
      marks.length = 0;
      deletions.clear();
      removals = [];
      head = above;
      completeAbove = above;
      advanceEpoch(state, tail);
    },

    advanceEpoch,

    appendIfNext(event: LoggedEvent): AppendResult {
      // Seqs increase across epochs too: an event at or below the head is old, whichever epoch it has.
      if (event.seq <= head) return "seen";
      if (event.epoch !== epoch) return "epoch";
      if (event.seq !== head + 1) return "gap";
      push(event);
      return "new";
    },

    /** Replaces the bytes of each event in its place. */
    map(change: (bytes: Buffer) => Buffer): void {
      events = events.map((event) => {
        const changed = change(event.bytes);
        bytes += changed.length - event.bytes.length;
        return changed === event.bytes ? event : { ...event, bytes: changed };
      });
    },

    /** @returns the newest events, at most `count`, and whether older ones may exist. */
    newest(count: number): { events: LoggedEvent[]; more: boolean } {
      forgetExpired();
      const start = Math.max(0, events.length - count);
      return { events: events.slice(start), more: start > 0 || completeAbove > expired };
    },

    /** @returns every event above a client's position: all of them or none. */
    since({ epoch: known, seq }: Position): Answer {
      forgetExpired();
      const inCurrent = known === epoch && seq <= head;
      const inPrevious = known !== "" && known === previous.epoch && seq <= previous.seq;
      if (!inCurrent && !inPrevious)
        return { from: known === "" || known === previous.epoch ? "nowhere" : "ahead" };
      if (seq < completeAbove) return { from: "backlog" };
      return { from: "memory", events: events.slice(indexAbove(seq)) };
    },

    /** @returns the event with this seq; `none`: no event has it; undefined: memory does not tell. */
    find(seq: number): LoggedEvent | "none" | undefined {
      forgetExpired();
      if (seq > head || seq <= completeAbove) return undefined;
      const event = events[indexAbove(seq - 1)];
      return event?.seq === seq ? event : "none";
    },

    /** Whether an event in memory deletes this one, which may be older than memory. */
    isDeleted: ({ seq, bytes: event }: Pick<LoggedEvent, "seq" | "bytes">): boolean =>
      deletions.has(seq) || (removals.length > 0 && isRemoved(removals, seq, writerOf(event))),

    /**
     * Notes that PostgreSQL has everything up to a seq. Never decreases. Called every beat, so that a silent room is
     * trimmed too.
     */
    noteStored(seq: number): void {
      stored = Math.max(stored, seq);
      mark();
      trim();
    },

    /** All events in memory, for a recovery. */
    all(): readonly LoggedEvent[] {
      forgetExpired();
      return events;
    },
  };

  /** Goes on in a fresh epoch that continues this memory without a gap, with the missing events in `tail`. */
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
    const deletion = deletionIn(event.bytes);
    if (deletion) {
      const { target, isTakenBack } = deletion;
      deletions.set(target, event.seq);
      blank(indexAbove(target - 1), target, isTakenBack);
    }
    const removal = removalOf(event.bytes);
    if (removal) applyRemoval(removal);
    trim();
  }

  function applyRemoval(removal: Removal): void {
    removals.push(removal);
    for (let i = indexAbove(removal.from - 1); i < events.length; i++) {
      const event = events[i];
      if (event && isRemoved([removal], event.seq, writerOf(event.bytes))) blank(i, event.seq);
    }
  }

  /** Removes the text of a deleted message, because no newcomer may see it. */
  function blank(index: number, target: number, isTakenBack = false): void {
    const event = events[index];
    if (event?.seq !== target) return;
    const tombstone = tombstoneOf(event.bytes, isTakenBack);
    bytes += tombstone.length - event.bytes.length;
    events[index] = { ...event, bytes: tombstone };
  }

  function mark(): void {
    const at = now();
    const last = marks.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
    if (at - last >= bounds.ms / MARKS) marks.push({ at, seq: head });
    while (marks[1] && at - marks[1].at >= bounds.ms) marks.shift();
  }

  /** Drops the oldest events beyond the bounds. */
  function trim(): void {
    const maxBytes = bounds.bytes;
    const isWithinBytes = bytes <= maxBytes * (1 + SLACK);
    if (events.length <= bounds.events * (1 + SLACK) && isWithinBytes) return;
    // Only events that PostgreSQL has and that are older than the window may go.
    const old = indexAbove(Math.min(stored, marks[0]?.seq ?? head));
    let drop = Math.max(0, Math.min(events.length - bounds.events, old));
    if (drop < (events.length - drop) * SLACK && isWithinBytes) return;
    for (let i = 0; i < drop; i++) bytes -= events[i]?.bytes.length ?? 0;
    while (bytes > maxBytes && drop < events.length - 1) bytes -= events[drop++]?.bytes.length ?? 0;
    completeAbove = events[drop - 1]?.seq ?? completeAbove;
    events = events.slice(drop);
    forgetDeletions();
  }

  /** Called before every answer, so that no event past its retention is sent. */
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
    removals = removals.filter(({ seq }) => seq > completeAbove);
  }

  /** @returns the index of the first event above `seq`. */
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
