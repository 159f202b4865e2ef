/** The line above the first unread message of the room on screen. It stays where it is until the room or the person leaves. */
import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { RoomHead } from "../../shared/server-frames.ts";
import type { Clock } from "../sync/clock.ts";
import type { Room } from "./room.ts";

/** Pages of older messages that are loaded to find the line. */
const MAX_PAGES = 10;
/** The line is drawn within this time, or not at all. */
const WISH_MS = 1_000;

export function createNewLine(
  clock: Pick<Clock, "after">,
  /** The seq below the line. */
  since: Signal<number | undefined>,
  room: ReadonlySignal<Room>,
) {
  const countAtStart = signal(0);
  /** Whether the line is above what is in sight; undefined while it is not drawn. */
  const lineAbove = signal<boolean | undefined>(undefined);
  /** The room whose line has its place. */
  let placed = "";
  let wasInFront = false;
  let isWanted = false;

  return {
    place,
    dismiss,
    bringLine,
    countAtStart: countAtStart as ReadonlySignal<number>,
    /** Whether the first unread message is out of sight, above. */
    isLineAbove: computed(() => {
      if (since.value === undefined || countAtStart.value === 0) return false;
      const [first] = room.value.viewport.shown.value;
      return lineAbove.value ?? (first !== undefined && first.seq > since.value + 1);
    }),
    lineMoved(above: boolean | undefined) {
      lineAbove.value = above;
    },
    /** Whether the person wants to go to the line: asked once, when it is there. */
    takeWish() {
      const wanted = isWanted;
      isWanted = false;
      return wanted;
    },
    clear() {
      placed = "";
      dismiss();
    },
  };

  /** The line is where the person had read the room when it came on screen, or when they looked away. */
  function place(name: string, head: RoomHead | undefined, read: number, inFront: boolean) {
    const looksAway = wasInFront && !inFront;
    wasInFront = inFront;
    if (name !== placed) {
      dismiss();
      if (!head) return;
      placed = name;
      if (head.unread > 0) put(head.read, head.unread);
    } else if (looksAway && room.peek().viewport.atNewest.peek()) put(read, 0);
    else if (inFront && since.peek() !== undefined && countAtStart.peek() === 0) {
      if (head && head.unread > 0) countAtStart.value = head.unread;
      else dismiss();
    }
  }

  function put(seq: number, count: number) {
    batch(() => {
      since.value = seq;
      countAtStart.value = count;
    });
  }

  function dismiss() {
    isWanted = false;
    batch(() => {
      since.value = undefined;
      countAtStart.value = 0;
    });
  }

  /** Loads older messages until the first unread one is on screen. */
  async function bringLine({ viewport, hasOlder, loadOlder }: Room): Promise<void> {
    const seq = since.peek() ?? 0;
    isWanted = true;
    viewport.standStill();
    for (let page = 0; page < MAX_PAGES; page++) {
      const [first] = viewport.shown.peek();
      if (!first || first.seq <= seq + 1 || !hasOlder.peek()) break;
      await loadOlder();
    }
    clock.after(WISH_MS, () => {
      isWanted = false;
    });
  }
}
