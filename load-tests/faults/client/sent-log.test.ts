import { expect, test } from "vitest";
import type { Attempt } from "./journal.ts";
import { createSentLog } from "./sent-log.ts";

const attempt = (clientId: string): Attempt => ({
  clientId,
  sender: 0,
  text: clientId,
  target: undefined,
  at: 0,
  writes: [],
  acks: [],
  refused: undefined,
});
const ack = (clientId: string, seq: number) => ({ type: "ack", room: "r", clientId, seq }) as const;
const holding = (...clientIds: string[]) => {
  const sentLog = createSentLog();
  for (const clientId of clientIds) sentLog.add(attempt(clientId));
  return sentLog;
};
/** Writes all due messages to this connection. */
const write = (sentLog: ReturnType<typeof createSentLog>, connection: number): string[] => {
  const due = sentLog.due(connection);
  for (const { writes } of due) writes.push(connection);
  return due.map(({ clientId }) => clientId);
};

test("a message is written once to a connection, and again to the next until it is acknowledged", () => {
  const sentLog = holding("a", "b");
  expect(write(sentLog, 1)).toEqual(["a", "b"]);
  expect(write(sentLog, 1)).toEqual([]);
  sentLog.acknowledged(ack("a", 1), 0);
  expect(write(sentLog, 2)).toEqual(["b"]);
});

test("a temporary refusal is retried, a final one is settled", () => {
  const sentLog = holding("a", "b");
  expect(sentLog.refused("a", "unavailable", 700)).toBe(700);
  expect(sentLog.refused("b", "too_long", 700)).toBeUndefined();
  expect(sentLog.attempts.map(({ refused }) => refused)).toEqual([undefined, "too_long"]);
  expect(sentLog.pending()).toBe(1);
});

test("a fresh epoch has everything sent again that is not stored, in the order it was said", () => {
  const sentLog = holding("a", "b", "c", "d");
  write(sentLog, 1);
  for (const [index, clientId] of ["a", "b", "c"].entries())
    sentLog.acknowledged(ack(clientId, index + 1), 0);
  sentLog.stored(1);
  sentLog.renew();
  expect(write(sentLog, 1)).toEqual(["b", "c", "d"]);
});

test("a stored message is not sent again", () => {
  const sentLog = holding("a");
  write(sentLog, 1);
  sentLog.acknowledged(ack("a", 5), 0);
  sentLog.stored(5);
  sentLog.renew();
  expect([write(sentLog, 1), sentLog.unstored()]).toEqual([[], 0]);
});

test("the newest message that is acknowledged and not taken back may be deleted", () => {
  const sentLog = holding("a", "b", "c");
  sentLog.acknowledged(ack("a", 1), 0);
  sentLog.acknowledged(ack("b", 2), 0);
  expect(sentLog.newestKept()).toEqual({ clientId: "b", seq: 2 });
  sentLog.add({ ...attempt("d"), target: { clientId: "b", seq: 2 } });
  expect(sentLog.newestKept()).toEqual({ clientId: "a", seq: 1 });
});

test("a message written while an earlier one waits for its retry is sent behind it", () => {
  const sentLog = holding("a");
  write(sentLog, 1);
  sentLog.refused("a", "unavailable", 700);
  sentLog.add(attempt("b"));
  expect(write(sentLog, 1)).toEqual([]);
  sentLog.forgetWrites("a", "unavailable");
  expect(write(sentLog, 1)).toEqual(["a", "b"]);
});

test("a message that waits for its second try is written to the next connection at once, and so is what waits behind it", () => {
  const sentLog = holding("a");
  write(sentLog, 1);
  sentLog.refused("a", "unavailable", 700);
  sentLog.add(attempt("b"));
  expect(write(sentLog, 2)).toEqual(["a", "b"]);
  sentLog.add(attempt("c"));
  expect(write(sentLog, 2)).toEqual(["c"]);
});

test("nothing waits for a message that was answered meanwhile", () => {
  const sentLog = holding("a", "b");
  write(sentLog, 1);
  sentLog.refused("a", "unavailable", 700);
  sentLog.refused("b", "unavailable", 700);
  sentLog.add(attempt("c"));
  sentLog.acknowledged(ack("a", 1), 0);
  expect(write(sentLog, 1)).toEqual([]);
  sentLog.refused("b", "too_long", 700);
  expect(write(sentLog, 1)).toEqual(["c"]);
});

test("a fresh epoch waits for nothing, and keeps the order in which it was said", () => {
  const sentLog = holding("a", "b");
  write(sentLog, 1);
  sentLog.refused("a", "unavailable", 700);
  sentLog.acknowledged(ack("b", 1), 0);
  sentLog.renew();
  expect(write(sentLog, 1)).toEqual(["a", "b"]);
});
