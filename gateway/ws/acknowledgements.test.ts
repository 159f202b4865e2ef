import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createSeqWatch } from "../room-log/seq-watch.ts";
import { createAcknowledge } from "./acknowledgements.ts";
import { fakeSocket } from "./testing/fake-socket.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open() {
  const written = createSeqWatch();
  const sent: string[] = [];
  const socket = fakeSocket((frame) => sent.push(String(frame.type === "ack" && frame.seq)));
  socket.cork = (work) => {
    sent.push("corked");
    work();
    return socket;
  };
  const acknowledge = createAcknowledge((name) => (name === "tea" ? { written } : undefined));
  const ack = (seq: number, room = "tea"): void =>
    acknowledge(socket, { type: "ack", room, clientId: `c${seq}`, seq });
  return { written, sent, ack, connection: socket.getUserData().connection };
}

test("an acknowledgement goes out with the broadcast of its event, in one write", () => {
  const { written, sent, ack } = open();
  ack(7);
  ack(8);
  expect(sent).toEqual([]);
  written.reach(7);
  expect(sent).toEqual(["corked", "7"]);
  written.reach(9);
  vi.advanceTimersByTime(500);
  expect(sent).toEqual(["corked", "7", "corked", "8"]);
});

test("it goes at once for an event that is out already, and for a room that was let go", () => {
  const { written, sent, ack } = open();
  written.reach(7);
  ack(7);
  ack(9, "coffee");
  expect(sent).toEqual(["7", "9"]);
});

test("it waits for a silent bus for a tenth of a second at most, and goes once", () => {
  const { written, sent, ack } = open();
  ack(7);
  vi.advanceTimersByTime(30);
  ack(8);
  vi.advanceTimersByTime(100);
  expect(sent).toEqual(["corked", "7", "corked", "8"]);
  written.reach(8);
  vi.advanceTimersByTime(500);
  expect(sent).toHaveLength(4);
});

test("it is dropped with a socket that closed meanwhile", () => {
  const { written, sent, ack, connection } = open();
  ack(7);
  Object.assign(connection, { open: false, closed: true });
  written.reach(7);
  expect(sent).toEqual([]);
});

test("however many wait in a room, each goes out", () => {
  const { written, sent, ack } = open();
  for (let seq = 1; seq <= 1_000; seq++) ack(seq);
  written.reach(1_000);
  vi.advanceTimersByTime(200);
  expect(new Set(sent.filter((one) => one !== "corked")).size).toBe(1_000);
});
