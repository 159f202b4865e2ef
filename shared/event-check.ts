/**
 * A consumer's check of the events of rooms: each one came once, in order, and none before it is missing. All of it follows from two
 * headers. Pure.
 */

/** `previous`: the seq of the room's event before, as the headers say it; 0: the room begins. */
export type CheckedEvent = { room: string; seq: number; previous: number };
export type EventFault = CheckedEvent & {
  kind: "repeat" | "gap";
  /** The seq of the room's event that was seen before; 0: none was. */
  last: number;
};
export type EventCounts = { events: number; rooms: number; repeats: number; gaps: number };

export function createEventCheck() {
  const last = new Map<string, number>();
  const counts = { events: 0, repeats: 0, gaps: 0 };

  return {
    /**
     * @param isWhole nothing of this partition was dropped before: the first event of a room must say that it is the first.
     * @returns undefined for an event that is due.
     */
    take(event: CheckedEvent, isWhole = false): EventFault | undefined {
      const { room, seq, previous } = event;
      counts.events++;
      const before = last.get(room);
      if (before !== undefined && seq <= before) {
        counts.repeats++;
        return { ...event, kind: "repeat", last: before };
      }
      last.set(room, seq);
      if (before === undefined ? !isWhole || previous === 0 : previous === before || previous === 0)
        return undefined;
      counts.gaps++;
      return { ...event, kind: "gap", last: before ?? 0 };
    },

    counts: (): EventCounts => ({ ...counts, rooms: last.size }),
  };
}

/** @returns undefined for a record that is no event of a room. */
export function checkedEventOf(headers: Record<string, string>): CheckedEvent | undefined {
  const { ce_subject: room, ce_sequence, ce_previous } = headers;
  if (room === undefined || ce_sequence === undefined || ce_previous === undefined) return undefined;
  return { room, seq: Number(ce_sequence), previous: Number(ce_previous) };
}
