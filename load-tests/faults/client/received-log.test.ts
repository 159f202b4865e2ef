import { expect, test } from "vitest";
import type { Joined, MessageEvent } from "../../../shared/server-frames.ts";
import { createReceivedLog } from "./received-log.ts";

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
/** A client that has joined and shows these events. */
const showing = (...seqs: number[]) => {
  const receivedLog = createReceivedLog("client");
  receivedLog.joined(joined(seqs, { recovered: false }));
  return receivedLog;
};
const shown = ({ receiver }: ReturnType<typeof createReceivedLog>): number[][] =>
  receiver.pieces.map(({ events }) => events.map(({ seq }) => seq));

test("events that follow each other are shown", () => {
  const receivedLog = showing(4, 5);
  expect([receivedLog.event(event(6)), receivedLog.event(event(7))]).toEqual([true, true]);
  expect(shown(receivedLog)).toEqual([[4, 5, 6, 7]]);
  expect(receivedLog.position()).toEqual({ epoch: "e1", seq: 7 });
});

test("an event past a gap is not shown, and the gap is written down", () => {
  const receivedLog = showing(1);
  expect(receivedLog.event(event(3))).toBe(false);
  expect(shown(receivedLog)).toEqual([[1]]);
  expect(receivedLog.receiver.gaps).toHaveLength(1);
});

test("an event that comes again is not shown again, and is written down", () => {
  const receivedLog = showing(1, 2);
  receivedLog.event(event(2));
  expect(shown(receivedLog)).toEqual([[1, 2]]);
  expect(receivedLog.receiver.repeats).toHaveLength(1);
});

test("events that the previous connection showed are skipped after a move", () => {
  const receivedLog = showing(1, 2, 3);
  receivedLog.joined(joined([2]));
  for (const seq of [3, 4]) expect(receivedLog.event(event(seq))).toBe(true);
  expect(shown(receivedLog)).toEqual([[1, 2, 3, 4]]);
  expect(receivedLog.receiver.repeats).toEqual([]);
});

test("a resume with a gap is recorded", () => {
  const receivedLog = showing(1);
  receivedLog.joined(joined([3, 4]));
  expect(receivedLog.receiver.gaps).toHaveLength(1);
});

test("resuming that ends before its head is written down", () => {
  const receivedLog = showing(1);
  receivedLog.joined(joined([2], { head: 3 }));
  expect(receivedLog.receiver.gaps).toHaveLength(1);
});

test("seqs may jump once where a fresh epoch begins, with and without events", () => {
  for (const events of [[2, 1_000], []]) {
    const receivedLog = showing(1);
    expect(receivedLog.joined(joined(events, { epoch: "e2", head: 1_000 }))).toBe(true);
    expect(receivedLog.event(event(1_001))).toBe(true);
    expect(receivedLog.receiver.gaps).toEqual([]);
  }
});

test("a second jump in a fresh epoch is a gap", () => {
  const receivedLog = showing(1);
  receivedLog.joined(joined([1_000, 2_000], { epoch: "e2" }));
  expect(receivedLog.receiver.gaps).toHaveLength(1);
});

test("the newest events that a client starts over from may be of two epochs", () => {
  const receivedLog = showing(1, 1_000, 1_001);
  expect(receivedLog.receiver.gaps).toEqual([]);
});

test("told to start over, a client begins another piece", () => {
  const receivedLog = showing(1, 2);
  receivedLog.joined(joined([90, 91], { recovered: false }));
  expect(shown(receivedLog)).toEqual([
    [1, 2],
    [90, 91],
  ]);
});

test("a text that comes together with the news of its deletion is written down", () => {
  const receivedLog = showing(1);
  const news = { type: "deleted", room: "r", seq: 3, at: 0, target: 2, by: "u", clientId: "d" } as const;
  receivedLog.joined({ ...joined([2]), head: 3, events: [event(2), news] });
  expect(receivedLog.receiver.leaks).toEqual(["2"]);
});
