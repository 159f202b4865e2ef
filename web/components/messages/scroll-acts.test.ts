import { expect, test } from "vitest";
import { createScrollActs } from "./scroll-acts.ts";

test("a flick and its momentum ask once, however long they last", () => {
  const acts = createScrollActs();
  acts.begin();
  const asked = Array.from({ length: 100 }, (_, frame) => {
    acts.move(frame * 16);
    return acts.spend();
  });
  expect(asked.filter(Boolean)).toHaveLength(1);
});

test("after a pause, or when a finger is put down again, it is another act", () => {
  const acts = createScrollActs();
  acts.move(0);
  expect([acts.spend(), acts.spend()]).toEqual([true, false]);
  acts.move(300);
  expect(acts.spend()).toBe(true);
  acts.begin();
  acts.move(310);
  expect(acts.spend()).toBe(true);
});
