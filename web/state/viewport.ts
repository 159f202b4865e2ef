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

/**
 * A part of the log away from the newest events, which is shown in their place. Nothing is missing between its first event
 * and its last one. `more`: there are older ones. `goOn` is called when its last event is on screen.
 */
export type Part = { events: readonly RoomEvent[]; more: boolean; goOn: () => void };

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

  const part = signal<Part | undefined>(undefined);
  const source = computed(() => part.value?.events ?? events.value);

  const upToEnd = computed(() => {
    const stop = end.value;
    return stop === undefined ? source.value : source.value.filter((event) => event.seq <= stop);
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
    /** The number of newer events that are not on screen; infinite away from the newest ones. */
    newerHere: () => (part.value ? Number.POSITIVE_INFINITY : events.value.length - upToEnd.value.length),
    /** Undefined while the newest events are shown. Set without moving what is on screen. */
    part,
    around,
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
    const last = source.value
      .filter((event) => event.seq > stop)
      .slice(0, PAGE)
      .at(-1);
    if (!last) return part.value?.goOn();
    end.value = last.seq;
    seen.value = Math.max(seen.value, last.seq);
    grow();
  }

  /** Shows the events around a seq, of a part of the log or of the newest ones. */
  function around(seq: number, of: Part | undefined) {
    part.value = of;
    const index = source.value.findIndex((event) => event.seq >= seq);
    const last = source.value[index < 0 ? -1 : index + PAGE] ?? source.value.at(-1);
    if (!last) return;
    stopAt(last.seq);
    size.value = 2 * PAGE;
  }

  /** Follows the newest message: the view stays at the bottom. */
  function newest() {
    part.value = undefined;
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
