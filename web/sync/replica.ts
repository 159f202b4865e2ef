/**
 * The client's copy of one room's log: contiguous, ordered by seq, never past a gap. Pure: no signals, no socket.
 * The events are replaced, not changed, so whoever shows them sees a new array exactly when there is something new.
 */
import type { DeletedEvent, Joined, MessageEvent, Presence, RoomEvent } from "../../shared/server-frames.ts";

/** Somebody as their messages name them. */
export type Author = MessageEvent["user"];

/** What became of an event: taken in, known already, or beyond a gap (join again from `since`). */
export type Taken = "new" | "known" | "gap";
/**
 * What a join yielded: the first view, what was missed, the newest beyond a gap that history can fill, or a start from the
 * newest, because nobody can say whether what was shown here is still in the log.
 */
export type Resumed = "first" | "recovered" | "gapped" | "restarted";
/** Events that are not here lie between these two seqs, both exclusive. */
export type Gap = { after: number; before: number };

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
  /** In order; each between two events. */
  let gaps: readonly Gap[] = [];

  return {
    joined,
    take,
    presence,
    prepend,
    fill,
    trim,
    gaps: () => gaps,
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
    const gap = resumes || first ? undefined : gapBefore(frame);
    const sameEpoch = frame.epoch === epoch;
    epoch = frame.epoch;
    stored = Math.max(stored, frame.stored);
    toldHead = 0;
    behind = false;
    if (gap) gaps = gap.before > gap.after + 1 ? [...gaps, gap] : gaps;
    else if (!resumes) {
      events = [];
      gaps = [];
      last = 0;
      more = frame.more;
      stored = frame.stored;
    }
    addAll(frame.events.filter((event) => event.seq > last));
    last = (resumes && sameEpoch) || gap ? Math.max(last, frame.head) : frame.head;
    if (resumes) return "recovered";
    if (gap) return "gapped";
    return first ? "first" : "restarted";
  }

  /** Within one epoch what is shown here stays true, and seqs tell how much is missing. */
  function gapBefore({ epoch: newest, events: [oldest] }: Joined): Gap | undefined {
    if (newest !== epoch || !oldest || events.length === 0) return undefined;
    return oldest.seq > last ? { after: last, before: oldest.seq } : undefined;
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
    events = [...asTheyAre(page.filter((event) => event.seq < oldest)), ...events];
    more = older;
  }

  /** Puts a page of history into a gap: all that there is behind `after` and below `upTo`. @returns how many events that were. */
  function fill({ after, before }: Gap, page: readonly RoomEvent[], upTo: number): number {
    const added = asTheyAre(page.filter((event) => event.seq > after && event.seq < Math.min(before, upTo)));
    events = [
      ...events.filter((event) => event.seq <= after),
      ...added,
      ...events.filter((event) => event.seq >= before),
    ];
    const left = upTo < before ? [{ after: upTo - 1, before }] : [];
    gaps = gaps.flatMap((gap) => (gap.before === before ? left : [gap]));
    return added.length;
  }

  /** A deletion may have overtaken a page, which was read before it. */
  function asTheyAre(page: readonly RoomEvent[]): RoomEvent[] {
    const deleted = new Set(
      [...events, ...page].flatMap((event) => (event.type === "deleted" ? [event.target] : [])),
    );
    return page.map((event) => (deleted.has(event.seq) ? buried(event) : event));
  }

  /** Forgets the oldest events above `most`; history brings them back. */
  function trim(most: number) {
    if (events.length <= most) return;
    events = events.slice(-most);
    const oldest = events[0]?.seq ?? 0;
    gaps = gaps.filter(({ after }) => after >= oldest);
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
