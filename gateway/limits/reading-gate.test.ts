import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import { createReadingGate, type ReadingBounds } from "./reading-gate.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A gate whose reads end when the test releases them; `started` names them in the order of their turns. */
function fixture(bounds: Partial<ReadingBounds> = {}) {
  const gate = createReadingGate({
    running: 2,
    perSecond: 1_000,
    perReader: 3,
    waiting: 5,
    waitMs: 2_000,
    ...bounds,
  });
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const read = (reader: string, name: string): Promise<string> =>
    gate.through(reader, () => {
      started.push(name);
      return new Promise((resolve) => ends.set(name, () => resolve(name)));
    });
  const end = async (name: string): Promise<void> => {
    await vi.advanceTimersByTimeAsync(0);
    ends.get(name)?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { gate, started, read, end };
}
const settled = (read: Promise<unknown>): Promise<unknown> =>
  read.then(
    (value) => value,
    (error: { code: string; details: { retryAfterMs?: number; detail?: string } }) => ({
      code: error.code,
      ...error.details,
    }),
  );

it("no more run than may, and the others take turns by reader", async () => {
  const { gate, started, read, end } = fixture();
  const reads = [
    read("a", "a1"),
    read("a", "a2"),
    read("a", "a3"),
    read("b", "b1"),
    read("b", "b2"),
    read("c", "c1"),
  ];
  await vi.advanceTimersByTimeAsync(0);
  expect(started).toEqual(["a1", "a2"]);
  expect(gate.waiting).toBe(4);
  for (const name of ["a1", "a2", "a3", "b1", "c1", "b2"]) await end(name);
  expect(started).toEqual(["a1", "a2", "a3", "b1", "c1", "b2"]);
  expect(await Promise.all(reads)).toEqual(["a1", "a2", "a3", "b1", "b2", "c1"]);
  expect(gate.waiting).toBe(0);
});

it("a reader with too many under way is told the limit, the others are not", async () => {
  const { read, end } = fixture();
  const reads = ["a1", "a2", "a3", "a4"].map((name) => settled(read("a", name)));
  expect(await reads[3]).toEqual({
    code: "too_many_attempts",
    retryAfterMs: 1_000,
    detail: "The limit history_ip is used up",
  });
  const other = read("b", "b1");
  for (const name of ["a1", "a2", "a3", "b1"]) await end(name);
  expect(await other).toBe("b1");
  const again = read("a", "a5");
  await end("a5");
  expect(await again).toBe("a5");
});

it("beyond the places to wait, and after the time to wait, it is as in an outage", async () => {
  const { gate, started, read, end } = fixture({ running: 1, waiting: 2 });
  const [first, ...late] = ["a", "b", "c"].map((name) => read(name, name));
  const refused = late.map((each) => expect(each).rejects.toBeInstanceOf(Unavailable));
  await expect(read("d", "d")).rejects.toBeInstanceOf(Unavailable);
  await vi.advanceTimersByTimeAsync(2_000);
  await Promise.all(refused);
  expect(gate.waiting).toBe(0);
  await end("a");
  expect(await first).toBe("a");
  expect(started).toEqual(["a"]);
});

it("after a second's worth at once reads start at an even pace, however quick they are", async () => {
  const { gate } = fixture({ perSecond: 10, perReader: 100, waiting: 100 });
  let read = 0;
  for (let n = 0; n < 18; n++) void gate.through("a", async () => void read++);
  await vi.advanceTimersByTimeAsync(0);
  expect(read).toBe(10);
  await vi.advanceTimersByTimeAsync(500);
  expect(read).toBe(15);
  await vi.advanceTimersByTimeAsync(300);
  expect(read).toBe(18);
});

it("while a crowd waits, reads start at half the pace", async () => {
  const { gate } = fixture({ perSecond: 10, perReader: 100, waiting: 100 });
  let read = 0;
  for (let n = 0; n < 30; n++) void gate.through("a", async () => void read++);
  await vi.advanceTimersByTimeAsync(0);
  expect(read).toBe(10);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(read).toBe(15);
});

it("a read that fails lets go of its place", async () => {
  const { gate, read, end } = fixture({ running: 1 });
  const failing = gate.through("a", () => Promise.reject(new Error("no")));
  await expect(failing).rejects.toThrow("no");
  const next = read("a", "next");
  await end("next");
  expect(await next).toBe("next");
});
