/**
 * The part of a room's log that is on screen. At the bottom it follows the newest event. Scrolled up it stands still, so that
 * nothing moves under the reader's eyes, and counts newer messages. Never shows more than `MAX_SHOWN` events.
 */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { RoomEvent } from "../../shared/server-frames.ts";

/** Enough for a tall window. Each additional row costs layout and paint with every message of a flood. */
const FOLLOWED = 40;
const MAX_SHOWN = 300;
/** This many events come on screen, or leave it, at a time. */
export const PAGE = 50;

export type Viewport = ReturnType<typeof createViewport>;

/** @param isNews whether messages of this author count as new: not the person's own, nor those of ignored people. */
export function createViewport(
  events: ReadonlySignal<readonly RoomEvent[]>,
  isNews: (authorId: string) => boolean = () => true,
) {
  /** The newest seq on screen; undefined while the view follows the newest message. */
  const end = signal<number | undefined>(undefined);
  const size = signal(FOLLOWED);
  const seen = signal(0);

  const upToEnd = computed(() => {
    const stop = end.value;
    return stop === undefined ? events.value : events.value.filter((event) => event.seq <= stop);
  });

  return {
    shown: computed(() => upToEnd.value.slice(-size.value)),
    /** Whether the view follows the newest message. */
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
    /** Whether a page of older events fits without dropping newer ones from the screen. */
    hasRoom: () => size.value + PAGE <= MAX_SHOWN,
    /** The number of newer events in memory that are not on screen. */
    newerHere: () => events.value.length - upToEnd.value.length,
    older,
    newer,
    newest,
    standStill,
  };

  /** Shows a page of older events; beyond the cap the newest leave the screen. */
  function older() {
    const here = upToEnd.value;
    const over = Math.min(size.value + PAGE, here.length) - MAX_SHOWN;
    const last = here.at(-1 - over);
    if (over > 0 && last) stopAt(last.seq);
    grow();
  }

  /** Shows a page of newer events; beyond the cap the oldest leave the screen. Does not follow the newest yet. */
  function newer() {
    const stop = end.value;
    if (stop === undefined) return;
    const last = events.value
      .filter((event) => event.seq > stop)
      .slice(0, PAGE)
      .at(-1);
    if (!last) return;
    end.value = last.seq;
    seen.value = Math.max(seen.value, last.seq);
    grow();
  }

  /** Follows the newest message: the view stays at the bottom. */
  function newest() {
    end.value = undefined;
    size.value = FOLLOWED;
  }

  /** The reader scrolled up: stops following. */
  function standStill() {
    const last = events.value.at(-1);
    if (end.value === undefined && last) stopAt(last.seq);
  }

  function stopAt(seq: number) {
    if (end.value === undefined) seen.value = events.value.at(-1)?.seq ?? seq;
    end.value = seq;
  }

  function grow() {
    size.value = Math.min(size.value + PAGE, MAX_SHOWN);
  }
}
