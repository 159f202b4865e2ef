/** The scroll position of the message list: follows the newest message, or keeps the rows in view in place. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Room } from "../../state/room.ts";
import { PAGE } from "../../state/viewport.ts";
import { createScrollActs } from "./scroll-acts.ts";
import { useScrollInput } from "./use-scroll-input.ts";

/** The distance from an edge at which more rows are shown, px. */
const NEAR_EDGE_PX = 400;
/** Distances that count as the bottom, px: when moving down, and when moving up. */
const AT_BOTTOM_PX = 48;
const TOUCHES_BOTTOM_PX = 2;

/** A row in view and its lower edge, because a row that loses its author's name shrinks at the upper one. */
type Held = { row: Element; bottom: number };
/**
 * @param isCurrent whether the rendered rows are up to date.
 * @returns refs for the box that scrolls and for the list in it, and the box's handler. Call it in the component that renders both.
 */
export function useScroll(room: Room, isCurrent: () => boolean) {
  const log = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const held = useRef<Held[]>([]);
  const last = useRef({ top: 0, height: 0, content: 0 });
  const [acts] = useState(createScrollActs);
  const { viewport } = room;
  // Of the room as it is now, which is another one once another user logs in.
  const settleNow = useRef(settle);
  settleNow.current = settle;
  useLayoutEffect(settle);
  useLayoutEffect(() => {
    viewport.newest();
    // Catches changes without a render of this component: a phone's keyboard, unfolded actions, a late font.
    const observer = new ResizeObserver(() => settleNow.current());
    for (const each of [log.current, list.current]) if (each) observer.observe(each);
    return () => observer.disconnect();
  }, []);
  useScrollInput(log, acts, askOlder);

  return { log, list, scrolled };

  /** Restores the position after any change that was not the reader's scrolling. */
  function settle() {
    const box = log.current;
    if (!box) return;
    if (viewport.atNewest.value) box.scrollTop = box.scrollHeight;
    else holdStill(box);
    remember(box);
    // A list that does not fill the window cannot be scrolled, so more is loaded without an act.
    const isShort = box.scrollHeight - box.clientHeight < NEAR_EDGE_PX;
    if (isShort && viewport.hasRoom() && room.history.value === "idle" && isCurrent()) void room.loadOlder();
  }

  function scrolled({ timeStamp }: Event) {
    const box = log.current;
    if (!box) return;
    const moved = box.scrollTop - last.current.top;
    const isResized = box.scrollHeight !== last.current.content || box.clientHeight !== last.current.height;
    // The resize moved the view, not the reader.
    if (isResized && viewport.atNewest.value) return settle();
    if (Math.abs(moved) < 1) return;
    acts.move(timeStamp);
    if (moved < 0) goUp(box);
    else goDown(box, moved);
    remember(box);
  }

  function goUp(box: HTMLElement) {
    if (below(box) < TOUCHES_BOTTOM_PX && viewport.newerHere() === 0) return viewport.newest();
    viewport.standStill();
    askOlder();
  }

  function goDown(box: HTMLElement, moved: number) {
    if (viewport.atNewest.value) return;
    const left = viewport.newerHere();
    // A jump to the end, by a key or the scroll bar, means the newest message.
    const isWanted = left === 0 || (left <= PAGE && moved > box.clientHeight);
    if (below(box) < AT_BOTTOM_PX && isWanted) viewport.newest();
    else if (below(box) < NEAR_EDGE_PX && left > 0) viewport.newer();
  }

  /** Requests older events, once for each act of the reader. */
  function askOlder() {
    const box = log.current;
    if (!box || box.scrollTop >= NEAR_EDGE_PX || room.history.value === "loading") return;
    if (acts.spend()) void room.loadOlder();
  }

  function holdStill(box: HTMLElement) {
    const there = held.current.find(({ row }) => row.isConnected);
    if (there) box.scrollTop += bottomOf(there.row) - there.bottom;
  }

  function remember(box: HTMLElement) {
    last.current = { top: box.scrollTop, height: box.clientHeight, content: box.scrollHeight };
    held.current = viewport.atNewest.value ? [] : rowsInView(box);
  }
}

/** From the top. All rows in view, because the topmost may be removed. */
function rowsInView(box: HTMLElement): Held[] {
  const { top, bottom } = box.getBoundingClientRect();
  const rows = [...box.querySelectorAll("[data-row]")];
  const inView: Held[] = [];
  for (const row of rows.slice(firstBelow(rows, top))) {
    if (row.getBoundingClientRect().top >= bottom) break;
    inView.push({ row, bottom: bottomOf(row) });
  }
  return inView;
}

/** The index of the first row whose lower end is below `edge`. */
function firstBelow(rows: readonly Element[], edge: number): number {
  let [from, to] = [0, rows.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (bottomOf(rows[middle] as Element) > edge) to = middle;
    else from = middle + 1;
  }
  return from;
}

const bottomOf = (element: Element) => element.getBoundingClientRect().bottom;
const below = (box: HTMLElement) => box.scrollHeight - box.clientHeight - box.scrollTop;
