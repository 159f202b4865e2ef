import fc from "fast-check";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createGate, type GateBounds } from "./gate.ts";
import { Unavailable } from "./unavailable.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A gate whose tasks end when the test says so; `begun` has their askers, in the order of their turns. */
function crowd(bounds: Partial<GateBounds> = {}) {
  const gate = createGate({ running: 2, waiting: 100, waitMs: 4_000, ...bounds });
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const ask = (asker: string): Promise<void> =>
    gate.through(asker, () => {
      begun.push(asker);
      return new Promise((resolve) => ends.push(resolve));
    });
  /** Ends the oldest task. */
  const end = async (): Promise<void> => {
    await vi.advanceTimersByTimeAsync(0);
    ends.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { gate, ask, begun, ends, end };
}

it("so many work at a time, and whoever asks for much waits behind those who ask for little", async () => {
  const { gate, ask, begun, end } = crowd();
  const all = ["a", "a", "a", "a", "a", "b", "c"].map(ask);
  await vi.advanceTimersByTimeAsync(0);
  expect(begun).toEqual(["a", "a"]);
  expect(gate.waiting).toBe(5);
  for (let done = 0; done < 7; done++) await end();
  await Promise.all(all);
  expect(begun).toEqual(["a", "a", "a", "b", "c", "a", "a"]);
  expect(gate.waiting).toBe(0);
});

it("a task that finds the queue full, and one that waits for too long, is refused as in an outage", async () => {
  const { ask, begun, end } = crowd({ running: 1, waiting: 1 });
  void ask("a");
  const late = expect(ask("b")).rejects.toBeInstanceOf(Unavailable);
  await expect(ask("c")).rejects.toBeInstanceOf(Unavailable);
  await vi.advanceTimersByTimeAsync(4_000);
  await late;
  const next = ask("d");
  await end();
  await end();
  await next;
  expect(begun).toEqual(["a", "d"]);
});

it("a work that fails gives its place back", async () => {
  const { gate } = crowd({ running: 1 });
  const failing = gate.through("a", () => Promise.reject(new Error("away")));
  await expect(failing).rejects.toThrow("away");
  expect(await gate.through("b", async () => 7)).toBe(7);
});

it("a gate that is closed refuses those who wait and those who come, and works under way end", async () => {
  const { gate, ask, end } = crowd({ running: 1 });
  const running = ask("a");
  const waiting = expect(ask("b")).rejects.toThrow("closed here");
  await vi.advanceTimersByTimeAsync(0);
  gate.close(new Unavailable("closed here"));
  await waiting;
  await expect(ask("c")).rejects.toThrow("closed here");
  await end();
  await running;
});

it("in any order of events no more tasks run than may, none waits beside a free place, and all are answered", async () => {
  const act = fc.oneof(
    fc.record({ ask: fc.constantFrom("a", "b", "c") }),
    fc.record({ end: fc.nat({ max: 5 }) }),
    fc.record({ passMs: fc.constantFrom(0, 1_000, 4_000) }),
  );
  const bounds = fc.record({ running: fc.integer({ min: 1, max: 3 }), waiting: fc.nat({ max: 4 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 60 }), bounds, async (acts, { running, waiting }) => {
      const { gate, ask, ends, end } = crowd({ running, waiting });
      const asked: Promise<unknown>[] = [];
      for (const each of acts) {
        if ("ask" in each) asked.push(ask(each.ask).catch((error: unknown) => error));
        else if ("end" in each) ends.splice(each.end, 1)[0]?.();
        else await vi.advanceTimersByTimeAsync(each.passMs);
        await vi.advanceTimersByTimeAsync(0);
        expect(ends.length).toBeLessThanOrEqual(running);
        expect(gate.waiting).toBeLessThanOrEqual(waiting);
        if (gate.waiting > 0) expect(ends.length).toBe(running);
      }
      while (ends.length > 0) await end();
      expect(await Promise.all(asked)).toHaveLength(asked.length);
      expect(gate.waiting).toBe(0);
    }),
    { numRuns: 60 },
  );
});
