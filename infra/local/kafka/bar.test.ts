import { expect, test } from "vitest";
import { createBar } from "./bar.ts";

const outputOf = (isTTY: boolean): string => {
  const written: string[] = [];
  const bar = createBar("events", { isTTY, write: (text: string) => written.push(text) > 0 });
  for (let n = 1; n <= 10; n++) bar.tell(n * 100, n / 10);
  bar.end(1_000);
  return written.join("");
};

test("on a terminal a bar is drawn over itself, and a line is left of it", () => {
  const drawn = outputOf(true).split("\r\x1b[K");
  expect(drawn[0]).toBe("");
  expect(drawn.at(-1)).toMatch(/^\[={30}\] 1,000 events, [\d,]+\/s\n$/);
});

test("elsewhere lines are written", () => {
  expect(outputOf(false)).toMatch(/^1,000 events, [\d,]+\/s\n$/);
});
