import { expect, test } from "vitest";
import type { Joined, MessageEvent } from "../../../shared/server-frames.ts";
import { createReplica } from "./received-log.ts";

const event = (seq: number): MessageEvent => ({
  type: "message",
  room: "r",
  seq,
  at: 0,
  user: { id: "u", nickname: "n" },
  clientId: `m${seq}`,
  text: "x",
});
const joined = (seqs: number[], more: Partial<Joined> = {}): Joined => ({
  type: "joined",
  room: "r",
  epoch: "e1",
  head: seqs.at(-1) ?? 0,
  stored: 0,
  recovered: true,
  events: seqs.map(event),
  more: false,
  ...more,
});
/** A client that has joined and was shown these. */
const showing = (...seqs: number[]) => {
  const replica = createReplica("client");
  replica.joined(joined(seqs, { recovered: false }));
  return replica;
};
const shown = ({ receiver }: ReturnType<typeof createReplica>): number[][] =>
  receiver.pieces.map(({ events }) => events.map(({ seq }) => seq));

test("events that follow each other are shown", () => {
  const replica = showing(4, 5);
  expect([replica.event(event(6)), replica.event(event(7))]).toEqual([true, true]);
  expect(shown(replica)).toEqual([[4, 5, 6, 7]]);
  expect(replica.position()).toEqual({ epoch: "e1", seq: 7 });
});

test("an event past a gap is not shown, and the gap is written down", () => {
  const replica = showing(1);
  expect(replica.event(event(3))).toBe(false);
  expect(shown(replica)).toEqual([[1]]);
  expect(replica.receiver.holes).toHaveLength(1);
});

test("an event that comes again is not shown again, and is written down", () => {
  const replica = showing(1, 2);
  replica.event(event(2));
  expect(shown(replica)).toEqual([[1, 2]]);
  expect(replica.receiver.repeats).toHaveLength(1);
});

test("what the connection before had shown already is passed over after a move", () => {
  const replica = showing(1, 2, 3);
  replica.joined(joined([2]));
  for (const seq of [3, 4]) expect(replica.event(event(seq))).toBe(true);
  expect(shown(replica)).toEqual([[1, 2, 3, 4]]);
  expect(replica.receiver.repeats).toEqual([]);
});

test("resuming with a hole is written down", () => {
  const replica = showing(1);
  replica.joined(joined([3, 4]));
  expect(replica.receiver.holes).toHaveLength(1);
});

test("resuming that ends before its head is written down", () => {
  const replica = showing(1);
  replica.joined(joined([2], { head: 3 }));
  expect(replica.receiver.holes).toHaveLength(1);
});

test("seqs may jump once where a fresh epoch begins, with and without events", () => {
  for (const events of [[2, 1_000], []]) {
    const replica = showing(1);
    expect(replica.joined(joined(events, { epoch: "e2", head: 1_000 }))).toBe(true);
    expect(replica.event(event(1_001))).toBe(true);
    expect(replica.receiver.holes).toEqual([]);
  }
});

test("a second jump in a fresh epoch is a hole", () => {
  const replica = showing(1);
  replica.joined(joined([1_000, 2_000], { epoch: "e2" }));
  expect(replica.receiver.holes).toHaveLength(1);
});

test("the newest events that a client starts over from may be of two epochs", () => {
  const replica = showing(1, 1_000, 1_001);
  expect(replica.receiver.holes).toEqual([]);
});

test("told to start over, a client begins another piece", () => {
  const replica = showing(1, 2);
  replica.joined(joined([90, 91], { recovered: false }));
  expect(shown(replica)).toEqual([
    [1, 2],
    [90, 91],
  ]);
});

test("a text that comes together with the news of its deletion is written down", () => {
  const replica = showing(1);
  const news = { type: "deleted", room: "r", seq: 3, at: 0, target: 2, by: "u", clientId: "d" } as const;
  replica.joined({ ...joined([2]), head: 3, events: [event(2), news] });
  expect(replica.receiver.leaks).toEqual(["2"]);
});
