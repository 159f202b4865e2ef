/** Where the message list stands: sticks to the bottom, or holds the row the reader looks at while rows come and go. */
import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Room } from "../state/room.ts";
import type { Row } from "../state/timeline.ts";

/** This near to an edge counts as at it, px. */
const AT_BOTTOM_PX = 48;
const NEAR_TOP_PX = 400;

type Anchor = { element: Element; top: number };

export function useScroll(room: Room, rows: readonly Row[]) {
  const log = useRef<HTMLDivElement>(null);
  const sticks = useRef(true);
  const anchor = useRef<Anchor | undefined>(undefined);
  const lastTop = useRef(0);
  const away = useSignal(false);
  const { reading } = room;
  const jumps = reading.jumps.value;

  // A jump to the newest, also by sending, sticks to the bottom again.
  useLayoutEffect(() => {
    sticks.current = true;
    settle();
  }, [jumps]);

  useLayoutEffect(settle, [rows]);

  useEffect(() => {
    reading.newest();
    const observer = new ResizeObserver(settle);
    if (log.current) observer.observe(log.current);
    return () => observer.disconnect();
  }, []);

  return { log, away, scrolled };

  function settle() {
    const box = log.current;
    if (!box) return;
    if (!reading.atNewest.value) sticks.current = false;
    if (sticks.current) {
      box.scrollTop = box.scrollHeight;
    } else if (anchor.current?.element.isConnected) {
      box.scrollTop += topOf(anchor.current.element) - anchor.current.top;
    }
    remember(box);
    if (box.scrollTop < NEAR_TOP_PX && room.history.value !== "failed") void room.loadOlder();
  }

  function scrolled() {
    const box = log.current;
    if (!box) return;
    const wentUp = box.scrollTop < lastTop.current - 1;
    const atBottom = box.scrollHeight - box.scrollTop - box.clientHeight < AT_BOTTOM_PX;
    if (atBottom && !reading.atNewest.value) reading.newer();
    else if (atBottom) sticks.current = true;
    else if (wentUp) {
      sticks.current = false;
      reading.standStill();
    }
    remember(box);
    if (wentUp && box.scrollTop < NEAR_TOP_PX) void room.loadOlder();
  }

  /** Notes the topmost row in view and where it stands, to put it back there after the next change. */
  function remember(box: HTMLElement) {
    lastTop.current = box.scrollTop;
    away.value = !sticks.current;
    if (sticks.current) return;
    const edge = box.getBoundingClientRect().top;
    const elements = box.querySelectorAll("[data-row]");
    for (const element of elements) {
      if (element.getBoundingClientRect().bottom > edge) {
        anchor.current = { element, top: topOf(element) };
        return;
      }
    }
  }
}

const topOf = (element: Element) => element.getBoundingClientRect().top;
