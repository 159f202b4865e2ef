import { computed, signal } from "@preact/signals";
import { expect, test } from "vitest";
import { createFakeClock } from "../sync/clock.fake.ts";
import { createPaced, MAX_REST_MS, PACE_MS } from "./paced.ts";

function setUp() {
  const clock = createFakeClock();
  const messages = signal(0);
  let computedTimes = 0;
  const rows = computed(() => {
    computedTimes += 1;
    return messages.value;
  });
  const paced = createPaced(rows, clock);
  const shown: number[] = [];
  const stop = paced.value.subscribe((value) => shown.push(value));
  return { clock, messages, paced, shown, stop, computedTimes: () => computedTimes };
}

test("shows the first change at once, and in a flood eight a second, the last one too", () => {
  const { clock, messages, shown, computedTimes } = setUp();
  messages.value = 1;
  expect(shown).toEqual([0, 1]);
  for (let ms = 0; ms < 1_000; ms += 5) {
    clock.advance(5);
    messages.value += 1;
  }
  clock.advance(PACE_MS);
  expect(shown.length).toBeLessThanOrEqual(2 + 1_000 / PACE_MS + 1);
  expect(shown.at(-1)).toBe(201);
  expect(computedTimes()).toBeLessThanOrEqual(shown.length + 1);
});

test("after a rest the next change is shown at once again", () => {
  const { clock, messages, shown } = setUp();
  messages.value = 1;
  clock.advance(PACE_MS);
  messages.value = 2;
  expect(shown).toEqual([0, 1, 2]);
});

test("nothing comes after it was stopped", () => {
  const { clock, messages, paced, shown } = setUp();
  messages.value = 1;
  messages.value = 2;
  paced.stop();
  clock.advance(PACE_MS);
  messages.value = 3;
  expect(shown).toEqual([0, 1]);
});

test.each([
  ["at a page that is quick the pace stays", 30, PACE_MS],
  ["what took long to show is followed by three times as long a rest", 60, 180],
  ["nobody waits longer than a quarter of a second, however slow the page", 400, MAX_REST_MS],
])("%s", (_, ms, rest) => {
  const { clock, messages, paced, shown } = setUp();
  messages.value = 1;
  paced.took(ms);
  messages.value = 2;
  clock.advance(rest - 1);
  expect(shown).toEqual([0, 1]);
  clock.advance(1);
  expect(shown).toEqual([0, 1, 2]);
});

test("showing that ends after its rest begins none anew", () => {
  const { clock, messages, paced, shown } = setUp();
  messages.value = 1;
  clock.advance(PACE_MS);
  paced.took(1_000);
  messages.value = 2;
  expect(shown).toEqual([0, 1, 2]);
});
