/** Detects a long press, the touch alternative to a button that appears on hover. */
import type { Cancel, Clock } from "../../sync/clock.ts";

const REST_MS = 450;
/** A finger that moved this far scrolls, px. */
const SLIP_PX = 10;

type Touch = Pick<PointerEvent, "pointerType" | "clientX" | "clientY">;

/** Handlers for the element that can be pressed long. */
export function createLongPress(after: Clock["after"], pressed: () => void) {
  let start: Touch | undefined;
  let wasLong = false;
  let cancel: Cancel = () => undefined;

  return {
    onPointerDown: down,
    onPointerMove: move,
    onPointerUp: end,
    onPointerCancel: end,
    onTouchEnd,
    onContextMenu,
  };

  function down(touch: Touch) {
    end();
    wasLong = false;
    if (touch.pointerType !== "touch") return;
    start = touch;
    cancel = after(REST_MS, () => {
      wasLong = true;
      pressed();
    });
  }

  function move({ clientX, clientY }: Touch) {
    if (start && Math.hypot(clientX - start.clientX, clientY - start.clientY) > SLIP_PX) end();
  }

  function end() {
    start = undefined;
    cancel();
  }

  /** Prevents the click after the touch, which would take the focus from the opened actions. */
  function onTouchEnd(event: Pick<Event, "preventDefault">) {
    if (wasLong) event.preventDefault();
  }

  /** Prevents the browser's own menu for the same gesture, which would cover ours. */
  function onContextMenu(event: Pick<Event, "preventDefault">) {
    if (start) event.preventDefault();
  }
}
