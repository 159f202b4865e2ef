import { expect, test } from "vitest";
import type { ReactionsEvent } from "../../shared/server-frames.ts";
import { createReactionCounts } from "./reaction-counts.ts";

const ME = "me";
const event = (seq: number, emoji: string, on: string[], off: string[] = []): ReactionsEvent => ({
  ...{ type: "reactions", room: "r", seq, at: 0, clientId: `c${seq}` },
  changes: [{ target: 1, emoji, on, off }],
});
const came = [event(2, "👍", ["a"]), event(3, "❤️", [ME, "a"]), event(4, "👍", [ME], ["a"])];

test("a page that saw the reactions come and one that asked later show the same, in the same order", () => {
  const live = createReactionCounts();
  live.addPage({ from: 1, to: 9 }, { upTo: 1, reactions: [] }, [], ME);
  for (const each of came) live.apply(each, ME);
  const late = createReactionCounts();
  const reactions = [{ target: 1, emoji: "👍", count: 1, you: false }];
  late.addPage({ from: 1, to: 9 }, { upTo: 2, reactions }, came, ME);
  expect(live.list(1)).toEqual([
    { emoji: "❤️", count: 2, you: true },
    { emoji: "👍", count: 1, you: true },
  ]);
  expect(late.list(1)).toEqual(live.list(1));
});

test("an event that an answer counted already is not counted again", () => {
  const counts = createReactionCounts();
  const reactions = [{ target: 1, emoji: "👍", count: 1, you: false }];
  counts.addPage({ from: 1, to: 9 }, { upTo: 2, reactions }, came.slice(0, 1), ME);
  expect(counts.apply(event(2, "👍", ["a"]), ME)).toEqual([]);
  expect(counts.list(1)).toEqual([{ emoji: "👍", count: 1, you: false }]);
});
