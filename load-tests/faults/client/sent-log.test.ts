import { expect, test } from "vitest";
import type { Attempt } from "./journal.ts";
import { createOutbox } from "./sent-log.ts";

const attempt = (clientId: string): Attempt => ({
  clientId,
  sender: 0,
  text: clientId,
  target: null,
  at: 0,
  writes: [],
  acks: [],
  refused: null,
});
const ack = (clientId: string, seq: number) => ({ type: "ack", room: "r", clientId, seq }) as const;
const holding = (...clientIds: string[]) => {
  const outbox = createOutbox();
  for (const clientId of clientIds) outbox.add(attempt(clientId));
  return outbox;
};
/** Writes what is due to this connection. */
const write = (outbox: ReturnType<typeof createOutbox>, connection: number): string[] => {
  const due = outbox.due(connection);
  for (const { writes } of due) writes.push(connection);
  return due.map(({ clientId }) => clientId);
};

test("a message is written once to a connection, and again to the next until it is acknowledged", () => {
  const outbox = holding("a", "b");
  expect(write(outbox, 1)).toEqual(["a", "b"]);
  expect(write(outbox, 1)).toEqual([]);
  outbox.acknowledged(ack("a", 1), 0);
  expect(write(outbox, 2)).toEqual(["b"]);
});

test("what may be tried again is, what may not is settled", () => {
  const outbox = holding("a", "b");
  expect(outbox.refused("a", "unavailable", 700)).toBe(700);
  expect(outbox.refused("b", "too_long", 700)).toBe(null);
  expect(outbox.attempts.map(({ refused }) => refused)).toEqual([null, "too_long"]);
  expect(outbox.pending()).toBe(1);
});

test("a fresh epoch has everything sent again that is not stored, in the order it was said", () => {
  const outbox = holding("a", "b", "c", "d");
  write(outbox, 1);
  for (const [index, clientId] of ["a", "b", "c"].entries()) outbox.acknowledged(ack(clientId, index + 1), 0);
  outbox.stored(1);
  outbox.renew();
  expect(write(outbox, 1)).toEqual(["b", "c", "d"]);
});

test("what is stored is not sent again", () => {
  const outbox = holding("a");
  write(outbox, 1);
  outbox.acknowledged(ack("a", 5), 0);
  outbox.stored(5);
  outbox.renew();
  expect([write(outbox, 1), outbox.unstored()]).toEqual([[], 0]);
});

test("the newest message that is acknowledged and not taken back may be deleted", () => {
  const outbox = holding("a", "b", "c");
  outbox.acknowledged(ack("a", 1), 0);
  outbox.acknowledged(ack("b", 2), 0);
  expect(outbox.newestKept()).toEqual({ clientId: "b", seq: 2 });
  outbox.add({ ...attempt("d"), target: { clientId: "b", seq: 2 } });
  expect(outbox.newestKept()).toEqual({ clientId: "a", seq: 1 });
});

test("what is said while an earlier message waits for its second try is written behind it", () => {
  const outbox = holding("a");
  write(outbox, 1);
  outbox.refused("a", "unavailable", 700);
  outbox.add(attempt("b"));
  expect(write(outbox, 1)).toEqual([]);
  outbox.forget("a");
  expect(write(outbox, 1)).toEqual(["a", "b"]);
});

test("a message that waits for its second try is written to the next connection at once, and so is what waits behind it", () => {
  const outbox = holding("a");
  write(outbox, 1);
  outbox.refused("a", "unavailable", 700);
  outbox.add(attempt("b"));
  expect(write(outbox, 2)).toEqual(["a", "b"]);
  outbox.add(attempt("c"));
  expect(write(outbox, 2)).toEqual(["c"]);
});

test("nothing waits for a message that was answered meanwhile", () => {
  const outbox = holding("a", "b");
  write(outbox, 1);
  outbox.refused("a", "unavailable", 700);
  outbox.refused("b", "unavailable", 700);
  outbox.add(attempt("c"));
  outbox.acknowledged(ack("a", 1), 0);
  expect(write(outbox, 1)).toEqual([]);
  outbox.refused("b", "too_long", 700);
  expect(write(outbox, 1)).toEqual(["c"]);
});

test("a fresh epoch waits for nothing, and keeps the order in which it was said", () => {
  const outbox = holding("a", "b");
  write(outbox, 1);
  outbox.refused("a", "unavailable", 700);
  outbox.acknowledged(ack("b", 1), 0);
  outbox.renew();
  expect(write(outbox, 1)).toEqual(["a", "b"]);
});
