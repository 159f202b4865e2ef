import { beforeEach, expect, test } from "vitest";
import { createFakeClock } from "../../sync/clock.fake.ts";
import { createLongPress } from "./long-press.ts";

const at = (clientX: number, pointerType = "touch") => ({ pointerType, clientX, clientY: 0 });

function setUp() {
  const clock = createFakeClock();
  const seen = { pressed: 0, prevented: 0 };
  const press = createLongPress(clock.after, () => {
    seen.pressed += 1;
  });
  const event = {
    preventDefault: () => {
      seen.prevented += 1;
    },
  };
  return { clock, seen, press, event };
}

let it: ReturnType<typeof setUp>;
beforeEach(() => {
  it = setUp();
});

test("a finger that rests presses long, and the browser's own menu and click stay away", () => {
  it.press.onPointerDown(at(0));
  it.press.onPointerMove(at(3));
  it.clock.advance(450);
  it.press.onContextMenu(it.event);
  it.press.onPointerUp();
  it.press.onTouchEnd(it.event);
  expect(it.seen).toEqual({ pressed: 1, prevented: 2 });
});

test("one that leaves early, or moves away as in scrolling, does not", () => {
  it.press.onPointerDown(at(0));
  it.clock.advance(400);
  it.press.onPointerUp();
  it.press.onTouchEnd(it.event);
  it.press.onPointerDown(at(0));
  it.press.onPointerMove(at(11));
  it.clock.advance(5_000);
  expect(it.seen).toEqual({ pressed: 0, prevented: 0 });
});

test("a mouse has its own ways", () => {
  it.press.onPointerDown(at(0, "mouse"));
  it.clock.advance(5_000);
  it.press.onContextMenu(it.event);
  expect(it.seen).toEqual({ pressed: 0, prevented: 0 });
});
