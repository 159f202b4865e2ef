/**
 * The client's copy of one room's log: contiguous, ordered by seq, never past a gap. Pure: no signals, no socket. The
 * array of events is replaced, not changed, so a new array means a new event.
 */
import type {
  DeletedEvent,
  Joined,
  MessageEvent,
  Presence,
  RemovedEvent,
  RoomEvent,
} from "../../shared/server-frames.ts";

/** The author of a message. */
export type Author = MessageEvent["user"];

/** The result of an append: new, known already, or beyond a gap (join again from `since`). */
export type AppendResult = "new" | "known" | "gap";
/**
 * The result of a join: the first view, the missed events, the newest events beyond a gap that history can fill, or a restart from
 * the newest events, because it is unknown whether the events shown here are still in the log.
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
  /** The head in the previous presence frame. A replica below it is missing events. */
  let announcedHead = 0;
  let events: readonly RoomEvent[] = [];
  /** In order; each between two events. */
  let gaps: readonly Gap[] = [];

  return {
    joined,
    append,
    presence,
    prepend,
    joinOlder,
    withTombstones,
    fill,
    trim,
    gaps: () => gaps,
    /** Everything from this seq on is here. */
    from,
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
   * Takes the answer to a join. Two connections may overlap during a move, so repeated events are skipped, and a head
   * below ours in the same epoch changes nothing.
   */
  function joined(frame: Joined): Resumed {
    const first = epoch === undefined;
    // A join that was repeated because its answer took long is answered twice.
    const resumes = !first && (frame.recovered || (frame.epoch === epoch && frame.head === last));
    const gap = resumes || first ? undefined : gapBefore(frame);
    const sameEpoch = frame.epoch === epoch;
    epoch = frame.epoch;
    stored = Math.max(stored, frame.stored);
    announcedHead = 0;
    behind = false;
    if (gap) gaps = gap.before > gap.after + 1 ? [...gaps, gap] : gaps;
    else if (!resumes) {
      events = [];
      gaps = [];
      last = 0;
      more = frame.more;
      stored = frame.stored;
    }
    push(frame.events.filter((event) => event.seq > last));
    last = (resumes && sameEpoch) || gap ? Math.max(last, frame.head) : frame.head;
    if (resumes) return "recovered";
    if (gap) return "gapped";
    return first ? "first" : "restarted";
  }

  /** Within one epoch the events shown stay valid, and the seqs tell how many are missing. */
  function gapBefore({ epoch: newest, events: [oldest] }: Joined): Gap | undefined {
    if (newest !== epoch || !oldest || events.length === 0) return undefined;
    return oldest.seq > last ? { after: last, before: oldest.seq } : undefined;
  }

  /** Appends a live event if it is the next one. Nothing is appended before the first join, whose answer will contain it. */
  function append(event: RoomEvent): AppendResult {
    if (epoch === undefined || event.seq <= last) return "known";
    if (event.seq > last + 1) return "gap";
    push([event]);
    last = event.seq;
    return "new";
  }

  /** @returns whether the replica is behind: below the head of the previous frame. */
  function presence(frame: Presence): boolean {
    behind = epoch !== undefined && last < announcedHead;
    announcedHead = frame.head;
    stored = Math.max(stored, frame.stored);
    return behind;
  }

  /** Puts a page of history before the oldest event and skips overlapping events. `older`: still older ones exist. */
  function prepend(page: readonly RoomEvent[], older: boolean) {
    const oldest = events[0]?.seq ?? last + 1;
    events = [...withTombstones(page.filter((event) => event.seq < oldest)), ...events];
    more = older;
  }

  function from(): number {
    return gaps.at(-1)?.before ?? events[0]?.seq ?? last + 1;
  }

  /** Puts events that adjoin the newest ones below these, in place of those beyond a gap. `older`: still older ones exist. */
  function joinOlder(page: readonly RoomEvent[], older: boolean) {
    const first = from();
    events = [
      ...withTombstones(page.filter((event) => event.seq < first)),
      ...events.filter((event) => event.seq >= first),
    ];
    gaps = [];
    more = older;
  }

  /**
   * Puts a page of history into a gap: all events after `after` and below `upTo`.
   * @returns the number of events added.
   */
  function fill({ after, before }: Gap, page: readonly RoomEvent[], upTo: number): number {
    const added = withTombstones(
      page.filter((event) => event.seq > after && event.seq < Math.min(before, upTo)),
    );
    events = [
      ...events.filter((event) => event.seq <= after),
      ...added,
      ...events.filter((event) => event.seq >= before),
    ];
    const left = upTo < before ? [{ after: upTo - 1, before }] : [];
    gaps = gaps.flatMap((gap) => (gap.before === before ? left : [gap]));
    return added.length;
  }

  /** The page may have been read before a deletion that is already known here. */
  function withTombstones(page: readonly RoomEvent[]): RoomEvent[] {
    const known = [...events, ...page];
    const deleted = new Map(
      known.flatMap((event) => (event.type === "deleted" ? [[event.target, event.takenBack]] : [])),
    );
    const removals = known.filter((event) => event.type === "removed");
    return page.map((event) =>
      deleted.has(event.seq) || removals.some((removal) => isRemoved(event, removal))
        ? tombstoneOf(event, deleted.get(event.seq))
        : event,
    );
  }

  /** Drops the oldest events above `max`; they can be read again from history. */
  function trim(max: number) {
    if (events.length <= max) return;
    events = events.slice(-max);
    const oldest = events[0]?.seq ?? 0;
    gaps = gaps.filter(({ after }) => after >= oldest);
    more = true;
  }

  function push(added: readonly RoomEvent[]) {
    if (added.length === 0) return;
    events = [...events, ...added];
    for (const event of added) {
      if (event.type === "deleted") markDeleted(event);
      else if (event.type === "removed") markRemoved(event);
    }
  }

  function markDeleted({ target, takenBack }: DeletedEvent) {
    events = events.map((event) => (event.seq === target ? tombstoneOf(event, takenBack) : event));
  }

  function markRemoved(removal: RemovedEvent) {
    events = events.map((event) => (isRemoved(event, removal) ? tombstoneOf(event) : event));
  }
}

/** Whether a removal deletes this message. */
function isRemoved(event: RoomEvent, { author, from, seq }: RemovedEvent): boolean {
  return event.type === "message" && event.user.id === author && event.seq >= from && event.seq < seq;
}

function tombstoneOf(event: RoomEvent, takenBack?: true): RoomEvent {
  if (event.type !== "message") return event;
  const { text: _, mentions: _mentions, reply: _reply, ...message } = event;
  return { ...message, ...(takenBack && { takenBack }), deleted: true };
}
