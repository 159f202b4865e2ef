/** A swipe to the right over a message. Vertical scrolling stays the browser's own (`touch-action` in replies.css). */
import { useEffect, useRef } from "preact/hooks";

/** Beyond this the finger swipes, px; beyond the other it scrolls. */
const BEGINS_PX = 14;
const SCROLLS_PX = 10;
/** From here on letting go begins the reply; the row follows no further than the other, px. */
const ENOUGH_PX = 48;
const FARTHEST_PX = 64;

type Swipe = { row: HTMLElement; pointer: number; x: number; y: number; isClaimed: boolean };

/** @param swiped called with the seq of the message. */
export function useSwipe(swiped: (seq: number) => void) {
  const newest = useRef(swiped);
  newest.current = swiped;

  useEffect(() => {
    const box = document.querySelector<HTMLElement>(".log");
    if (!box) return;
    const over = new AbortController();
    const options = { passive: true, signal: over.signal };
    let swipe: Swipe | undefined;
    box.addEventListener("pointerdown", down, options);
    box.addEventListener("pointermove", move, options);
    box.addEventListener("pointerup", up, options);
    box.addEventListener("pointercancel", end, options);
    return () => {
      end();
      over.abort();
    };

    function down({ target, pointerType, pointerId, clientX: x, clientY: y }: PointerEvent) {
      end();
      const row = target instanceof Element && target.closest<HTMLElement>(".row[data-seq]");
      if (row && pointerType === "touch") swipe = { row, pointer: pointerId, x, y, isClaimed: false };
    }

    function move({ pointerId, clientX, clientY }: PointerEvent) {
      if (swipe?.pointer !== pointerId) return;
      const { row, x, y } = swipe;
      if (!swipe.isClaimed && Math.abs(clientY - y) > SCROLLS_PX) return end();
      if (clientX - x < BEGINS_PX && !swipe.isClaimed) return;
      swipe.isClaimed = true;
      const way = Math.max(0, Math.min(clientX - x, FARTHEST_PX));
      row.dataset.swiped = way >= ENOUGH_PX ? "enough" : "";
      row.style.setProperty("--way", `${way}px`);
    }

    function up({ pointerId }: PointerEvent) {
      const row = swipe?.pointer === pointerId ? swipe.row : undefined;
      const isEnough = row?.dataset.swiped === "enough";
      end();
      if (row && isEnough) newest.current(Number(row.dataset.seq));
    }

    function end() {
      if (!swipe) return;
      delete swipe.row.dataset.swiped;
      swipe.row.style.removeProperty("--way");
      swipe = undefined;
    }
  }, []);
}
