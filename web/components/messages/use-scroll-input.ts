/** Detects the input of a person who scrolls up, even at the top, where nothing moves any more. */
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { ScrollActs } from "./scroll-acts.ts";

/** A finger that moved this far is scrolling, px. */
const DRAG_PX = 10;
const UP_KEYS: ReadonlySet<string> = new Set(["ArrowUp", "PageUp", "Home"]);

/** @param pull called when the reader scrolls up, many times in one act. */
export function useScrollInput(box: RefObject<HTMLElement | null>, acts: ScrollActs, pull: () => void) {
  const newest = useRef(pull);
  newest.current = pull;

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const over = new AbortController();
    // Passive, so that no scrolling waits for them.
    const options = { passive: true, signal: over.signal };
    let fingerAt = 0;

    element.addEventListener("wheel", wheel, options);
    element.addEventListener("touchstart", touch, options);
    element.addEventListener("touchmove", drag, options);
    element.addEventListener("keydown", key, options);
    element.addEventListener("pointerdown", acts.begin, options);
    return () => over.abort();

    function wheel({ deltaY, timeStamp }: WheelEvent) {
      acts.move(timeStamp);
      if (deltaY < 0) newest.current();
    }

    function touch({ touches: [finger] }: TouchEvent) {
      acts.begin();
      fingerAt = finger?.clientY ?? 0;
    }

    function drag({ touches: [finger] }: TouchEvent) {
      if (finger && finger.clientY - fingerAt > DRAG_PX) newest.current();
    }

    function key(event: KeyboardEvent) {
      // A held key is one act.
      if (!event.repeat) acts.begin();
      if (UP_KEYS.has(event.key)) newest.current();
    }
  }, []);
}
