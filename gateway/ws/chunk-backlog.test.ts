import { expect, test } from "vitest";
import type { LoggedEvent } from "../events/event.ts";
import { chunkBacklog } from "./chunk-backlog.ts";

const E1 = (seq: number) => ({ epoch: "e1", seq });
/** Events of nine bytes, ten with the comma after each. */
const events = (...seqs: number[]): LoggedEvent[] =>
  seqs.map((seq) => ({ ...E1(seq), bytes: Buffer.from("123456789") }));
const seqsOf = ({ events: some }: { events: readonly LoggedEvent[] }) => some.map(({ seq }) => seq);

test("everything that fits is one chunk, and brings the client to where the room stands", () => {
  const chunk = chunkBacklog({ events: events(4, 5), isComplete: true }, E1(3), E1(5), 20);
  expect(chunk).toMatchObject({ cursor: E1(5), isComplete: true, isContiguous: true });
  expect(seqsOf(chunk)).toEqual([4, 5]);
});

test("the first events that fit are a chunk, and bring the client to the last of them", () => {
  const chunk = chunkBacklog({ events: events(4, 5, 6), isComplete: true }, E1(3), E1(6), 29);
  expect(chunk).toMatchObject({ cursor: E1(5), isComplete: false, isContiguous: true });
  expect(seqsOf(chunk)).toEqual([4, 5]);
});

test("an event that is larger than what is free goes alone, so that every chunk gets the client on", () => {
  const chunk = chunkBacklog({ events: events(4, 5), isComplete: true }, E1(3), E1(5), -100);
  expect(seqsOf(chunk)).toEqual([4]);
});

test("the last event of a page is not the end while there are more pages", () => {
  const chunk = chunkBacklog({ events: events(4, 5), isComplete: false }, E1(3), E1(900), 20);
  expect(chunk).toMatchObject({ cursor: E1(5), isComplete: false });
});

test("a client that lacks nothing is at the room's head", () => {
  const chunk = chunkBacklog({ events: [], isComplete: true }, E1(3), E1(3), 20);
  expect(chunk).toMatchObject({ cursor: E1(3), isComplete: true, isContiguous: true });
});

test.each([
  ["over a dead letter", E1(2), E1(5), events(4, 5)],
  ["into another epoch", { epoch: "e0", seq: 3 }, E1(5), events(4, 5)],
  ["into an epoch in which nothing was said yet", { epoch: "e0", seq: 3 }, E1(2_000_000), []],
])("a jump %s is no continuation", (_, since, head, missed) => {
  expect(chunkBacklog({ events: missed, isComplete: true }, since, head, 100).isContiguous).toBe(false);
});
