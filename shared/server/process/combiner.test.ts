import fc from "fast-check";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type CombinerBounds, createCombiner } from "./combiner.ts";
import { Unavailable } from "./unavailable.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A combiner whose batches end when the test says so; `batches` has their items, in the order of their starts. */
function openCrowd(bounds: Partial<CombinerBounds<string>> = {}) {
  const batches: string[][] = [];
  const ends: ((error?: Error) => void)[] = [];
  const ask = createCombiner<string, string>(
    (items) => {
      batches.push(items);
      return new Promise((resolve, reject) =>
        ends.push((error) => {
          if (error) reject(error);
          else resolve(items.map((item) => resultOf(item)));
        }),
      );
    },
    { running: 1, together: 3, waiting: 100, waitMs: 4_000, ...bounds },
  );
  const end = async (error?: Error): Promise<void> => {
    ends.shift()?.(error);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { ask, batches, ends, end };
}
const resultOf = (item: string): PromiseSettledResult<string> =>
  item.startsWith("bad")
    ? { status: "rejected", reason: new Error(item) }
    : { status: "fulfilled", value: `done ${item}` };

it("a call alone starts at once, and those that come meanwhile share the next batches", async () => {
  const { ask, batches, end } = openCrowd();
  const all = ["a", "b", "c", "d", "e"].map(ask);
  expect(batches).toEqual([["a"]]);
  for (let done = 0; done < 3; done++) await end();
  expect(await Promise.all(all)).toEqual(["done a", "done b", "done c", "done d", "done e"]);
  expect(batches).toEqual([["a"], ["b", "c", "d"], ["e"]]);
});

it("calls of the highest rank are next, and those of one rank in the order in which they came", async () => {
  const ranks = new Map([
    ["small", 1],
    ["large", 100],
  ]);
  const { ask, batches, end } = openCrowd({ rank: (item) => ranks.get(item) ?? 0 });
  const all = ["first", "none", "small", "large", "other"].map(ask);
  for (let done = 0; done < 3; done++) await end();
  await Promise.all(all);
  expect(batches).toEqual([["first"], ["large", "small", "none"], ["other"]]);
});

it("a call that finds the queue full, and one that waits for too long, is refused as in an outage", async () => {
  const { ask, batches, end } = openCrowd({ waiting: 1 });
  const first = ask("a");
  const late = expect(ask("b")).rejects.toBeInstanceOf(Unavailable);
  await expect(ask("c")).rejects.toBeInstanceOf(Unavailable);
  await vi.advanceTimersByTimeAsync(4_000);
  await late;
  const next = ask("d");
  await end();
  await end();
  expect(await Promise.all([first, next])).toEqual(["done a", "done d"]);
  expect(batches).toEqual([["a"], ["d"]]);
});

it("one bad item fails alone, and a batch that fails as a whole fails each of its items only", async () => {
  const { ask, end } = openCrowd();
  const all = ["a", "bad", "b", "c"].map((item) => ask(item).catch((error: Error) => error.message));
  await end(new Error("away"));
  await end();
  expect(await Promise.all(all)).toEqual(["away", "bad", "done b", "done c"]);
});

it("no more batches run than may, none is larger than it may be, and each call gets its own result", async () => {
  const bounds = fc.record({
    running: fc.integer({ min: 1, max: 4 }),
    together: fc.integer({ min: 1, max: 5 }),
    items: fc.array(fc.string(), { minLength: 1, maxLength: 40 }),
  });
  await fc.assert(
    fc.asyncProperty(bounds, async ({ running, together, items }) => {
      const { ask, batches, ends, end } = openCrowd({ running, together });
      const results = Promise.all(items.map((item) => ask(item).catch((error: Error) => error.message)));
      while (ends.length > 0) {
        expect(ends.length).toBeLessThanOrEqual(running);
        await end();
      }
      expect(await results).toEqual(items.map((item) => (item.startsWith("bad") ? item : `done ${item}`)));
      expect(batches.flat().sort()).toEqual([...items].sort());
      expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(together);
    }),
    { numRuns: 50 },
  );
});
