/**
 * The client's copy of one room's log: contiguous, ordered by seq, never past a gap. Pure: no signals, no socket.
 * The events are replaced, not changed, so whoever shows them sees a new array exactly when there is something new.
 */
import type { DeletedEvent, Joined, Presence, RoomEvent } from "../../shared/server-frames.ts";

/** What became of an event: taken in, known already, or beyond a gap (join again from `since`). */
export type Taken = "new" | "known" | "gap";
/** What a join yielded: the first view, what was missed, or a start from the newest because the gap stays open. */
export type Resumed = "first" | "recovered" | "restarted";

export type Replica = ReturnType<typeof createReplica>;

export function createReplica() {
  let epoch: string | undefined;
  let last = 0;
  let stored = 0;
  let more = false;
  let behind = false;
  /** The head that the previous presence frame told: below it, we surely miss something. */
  let toldHead = 0;
  let events: readonly RoomEvent[] = [];

  return {
    joined,
    take,
    presence,
    prepend,
    trim,
    events: () => events,
    epoch: () => epoch,
    last: () => last,
    stored: () => stored,
    more: () => more,
    behind: () => behind,
    /** Where to resume; undefined before the first join. */
    since: () => (epoch === undefined ? undefined : { epoch, seq: last }),
  };

  /**
   * Takes the answer to a join. Two connections may overlap during a move, so what it repeats is skipped and a
   * head below ours under the same epoch changes nothing.
   */
  function joined(frame: Joined): Resumed {
    const first = epoch === undefined;
    const resumes = frame.recovered && !first;
    const sameEpoch = frame.epoch === epoch;
    epoch = frame.epoch;
    stored = Math.max(stored, frame.stored);
    toldHead = 0;
    behind = false;
    if (!resumes) {
      events = [];
      last = 0;
      more = frame.more;
      stored = frame.stored;
    }
    addAll(frame.events.filter((event) => event.seq > last));
    last = resumes && sameEpoch ? Math.max(last, frame.head) : frame.head;
    if (resumes) return "recovered";
    return first ? "first" : "restarted";
  }

  /** Takes a live event. Nothing is taken before the first join: it will be in the answer. */
  function take(event: RoomEvent): Taken {
    if (epoch === undefined || event.seq <= last) return "known";
    if (event.seq > last + 1) return "gap";
    addAll([event]);
    last = event.seq;
    return "new";
  }

  /** @returns whether we are behind: below what the previous frame already told. */
  function presence(frame: Presence): boolean {
    behind = epoch !== undefined && last < toldHead;
    toldHead = frame.head;
    stored = Math.max(stored, frame.stored);
    return behind;
  }

  /** Puts a page of history before the oldest event; what overlaps is skipped. `older`: still more exist. */
  function prepend(page: readonly RoomEvent[], older: boolean) {
    const oldest = events[0]?.seq ?? last + 1;
    // A deletion may have overtaken the page, which was read before it.
    const deleted = new Set(events.flatMap((event) => (event.type === "deleted" ? [event.target] : [])));
    const added = page.filter((event) => event.seq < oldest);
    events = [...added.map((event) => (deleted.has(event.seq) ? buried(event) : event)), ...events];
    more = older;
  }

  /** Forgets the oldest events above `most`; history brings them back. */
  function trim(most: number) {
    if (events.length <= most) return;
    events = events.slice(-most);
    more = true;
  }

  function addAll(added: readonly RoomEvent[]) {
    if (added.length === 0) return;
    events = [...events, ...added];
    for (const event of added) if (event.type === "deleted") bury(event);
  }

  function bury({ target }: DeletedEvent) {
    events = events.map((event) => (event.seq === target ? buried(event) : event));
  }
}

function buried(event: RoomEvent): RoomEvent {
  if (event.type !== "message") return event;
  const { text: _, ...message } = event;
  return { ...message, deleted: true };
}
