/**
 * Which part of a room's log is on screen. At the bottom it follows the newest; scrolled up it stands still, so that
 * nothing moves under the reader's eyes, and counts what came since. Never more than `MOST_SHOWN` events are shown.
 */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { RoomEvent } from "../../shared/server-frames.ts";

const PAGE = 50;
const AT_FIRST = 100;
const MOST_SHOWN = 300;

export type Reading = ReturnType<typeof createReading>;

/** @param isNews whether a message of this author is new to the person: not their own, nor of somebody they ignore. */
export function createReading(
  events: ReadonlySignal<readonly RoomEvent[]>,
  isNews: (authorId: string) => boolean = () => true,
) {
  /** The newest seq on screen; undefined while the newest of all is. */
  const end = signal<number | undefined>(undefined);
  const size = signal(AT_FIRST);
  const seen = signal(0);
  /** Raised when the view should go to the very bottom, wherever it stands. */
  const jumps = signal(0);

  const upToEnd = computed(() => {
    const stop = end.value;
    return stop === undefined ? events.value : events.value.filter((event) => event.seq <= stop);
  });

  return {
    shown: computed(() => upToEnd.value.slice(-size.value)),
    /** Whether the newest is part of what is shown. */
    atNewest: computed(() => end.value === undefined),
    unseen: computed(() => {
      const since = seen.value;
      if (end.value === undefined) return 0;
      return events.value.filter(
        (event) => event.type === "message" && event.seq > since && !event.deleted && isNews(event.user.id),
      ).length;
    }),
    /** Whether older events are in memory but not on screen. */
    hasOlderHere: () => upToEnd.value.length > size.value,
    jumps: computed(() => jumps.value),
    older,
    newer,
    newest,
    jump,
    standStill,
  };

  /** Shows a page of older events; beyond the cap the newest leave the screen. */
  function older() {
    if (size.value + PAGE <= MOST_SHOWN) {
      size.value += PAGE;
      return;
    }
    const shown = upToEnd.value.slice(-size.value);
    const last = shown.at(-1 - PAGE);
    if (last && upToEnd.value.length > size.value) stopAt(last.seq);
  }

  /** Shows a page of newer events, and follows again once the newest is reached. */
  function newer() {
    const stop = end.value;
    if (stop === undefined) return;
    const later = events.value.filter((event) => event.seq > stop);
    const last = later[PAGE];
    if (last) end.value = last.seq;
    else newest();
  }

  function newest() {
    end.value = undefined;
    size.value = AT_FIRST;
  }

  function jump() {
    newest();
    jumps.value += 1;
  }

  /** The reader scrolled up: hold the picture. */
  function standStill() {
    const last = events.value.at(-1);
    if (end.value === undefined && last) stopAt(last.seq);
  }

  function stopAt(seq: number) {
    if (end.value === undefined) seen.value = events.value.at(-1)?.seq ?? seq;
    end.value = seq;
  }
}
