import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { Unavailable } from "../process/unavailable.ts";
import { createGroupCommit } from "./group-commit.ts";

type Call = { items: number[]; answer: (answers: (number | Error)[]) => void; fail: (error: Error) => void };

/** @returns the calls as they are made, and a function that adds an item. */
function grouped(bytesOf: (item: number) => number = () => 1) {
  const calls: Call[] = [];
  const clock = { now: 0 };
  const add = createGroupCommit<number, number>(
    (items) =>
      new Promise((resolve, reject) => {
        calls.push({ items, answer: resolve, fail: reject });
      }),
    bytesOf,
    { sheds: true, now: () => clock.now },
  );
  const outcomes = (items: number[]) => Promise.allSettled(items.map((item) => add(item)));
  return { calls, add, outcomes, clock };
}

describe("calls that come together", () => {
  test("are one call, with an answer for each", async () => {
    const { calls, outcomes } = grouped();
    const settled = outcomes([1, 2, 3]);
    await turn();
    expect(calls.map(({ items }) => items)).toEqual([[1, 2, 3]]);
    calls[0]?.answer([10, new Error("the second alone"), 30]);
    expect((await settled).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });

  test("wait for the call under way, and go together as soon as it is answered", async () => {
    const { calls, outcomes } = grouped();
    const first = outcomes([1]);
    await turn();
    const later = outcomes([2, 3]);
    await turn();
    expect(calls).toHaveLength(1);
    calls[0]?.answer([1]);
    await first;
    expect(calls[1]?.items).toEqual([2, 3]);
    calls[1]?.answer([2, 3]);
    await later;
  });

  test("begin no faster than one in eight milliseconds while each has several items, unless a batch is full", async () => {
    const { calls, add, outcomes, clock } = grouped();
    void outcomes([1, 2, 3]);
    await turn();
    void add(4);
    clock.now = 2;
    calls[0]?.answer([1, 2, 3]);
    await turn();
    expect(calls).toHaveLength(1);
    // An item of the pause goes with it.
    void add(5);
    await vi.waitFor(() => expect(calls).toHaveLength(2));
    expect(calls[1]?.items).toEqual([4, 5]);
    // A small batch is followed at once.
    void add(6);
    calls[1]?.answer([4, 5]);
    await turn();
    expect(calls[2]?.items).toEqual([6]);
    void outcomes(Array.from({ length: 300 }, (_, index) => index));
    calls[2]?.answer([6]);
    await turn();
    expect(calls[3]?.items).toHaveLength(256);
    // Some wait still, and the batch before was large and is answered late.
    clock.now += 20;
    calls[3]?.answer(Array.from({ length: 256 }, () => 0));
    await turn();
    expect(calls).toHaveLength(5);
  });

  test("fail together in an outage, those that wait included; the next ones are tried", async () => {
    const { calls, outcomes } = grouped();
    const first = outcomes([1]);
    await turn();
    const later = outcomes([2]);
    calls[0]?.fail(new Unavailable("Redis is away"));
    expect((await first)[0]?.status).toBe("rejected");
    expect((await later)[0]?.status).toBe("rejected");
    const next = outcomes([3]);
    await turn();
    calls[1]?.answer([3]);
    expect((await next)[0]?.status).toBe("fulfilled");
  });

  test("that fail for another reason do not take those along that wait", async () => {
    const { calls, outcomes } = grouped();
    const first = outcomes([1]);
    await turn();
    const later = outcomes([2]);
    calls[0]?.fail(new Error("a fault of ours"));
    expect((await first)[0]?.status).toBe("rejected");
    calls[1]?.answer([2]);
    expect((await later)[0]?.status).toBe("fulfilled");
  });

  test("fail together, and not those after them, when the call throws at once or leaves an answer out", async () => {
    const add = createGroupCommit<string, string>(
      (items) => {
        if (items.includes("bug")) throw new Error("a fault of ours");
        return Promise.resolve(items.includes("short") ? [] : items);
      },
      () => 1,
      { maxItems: 2 },
    );
    const settled = await Promise.allSettled(["bug", "b", "short", "d", "e"].map(add));
    expect(settled.map(({ status }) => status)).toEqual([
      ...["rejected", "rejected", "rejected", "rejected", "fulfilled"],
    ]);
  });

  test("are refused at once while the oldest has waited too long, until that one went", async () => {
    const { calls, outcomes, clock } = grouped();
    const first = outcomes([1]);
    await turn();
    const second = outcomes([2]);
    clock.now += 1_000;
    const third = outcomes([3]);
    clock.now += 1;
    const fourth = outcomes([4]);
    calls[0]?.answer([1]);
    await first;
    calls[1]?.answer([2, 3]);
    expect((await Promise.all([second, third, fourth])).flat().map(({ status }) => status)).toEqual([
      ...["fulfilled", "fulfilled", "rejected"],
    ]);
    const fifth = outcomes([5]);
    await turn();
    calls[2]?.answer([5]);
    expect((await fifth)[0]?.status).toBe("fulfilled");
  });

  test("are refused at once when a turn of the event loop brought more than it can handle", async () => {
    const { calls, add, outcomes, clock } = grouped();
    const early = outcomes([1]);
    clock.now += 501;
    await expect(add(2)).rejects.toThrow(Unavailable);
    await turn();
    calls[0]?.answer([1]);
    await early;
  });

  test("keep their order, each in one call of bounded size, however they come and however large they are", async () => {
    const sizes = fc.array(fc.constantFrom(1, 5_000, 200_000, 400_000), { minLength: 1, maxLength: 600 });
    await fc.assert(
      fc.asyncProperty(sizes, async (bytes) => {
        const { calls, outcomes, clock } = grouped((item) => bytes[item] ?? 0);
        const settled = outcomes([...bytes.keys()]);
        await turn();
        for (let next = 0; next < calls.length; next++) {
          const items = calls[next]?.items ?? [];
          expect(items.length).toBeLessThanOrEqual(256);
          const total = items.reduce((sum, item) => sum + (bytes[item] ?? 0), 0);
          expect(items.length === 1 || total <= 256 * 1024).toBe(true);
          // The pause is over.
          clock.now += 20;
          calls[next]?.answer(items);
          await turn();
        }
        expect(calls.flatMap(({ items }) => items)).toEqual([...bytes.keys()]);
        expect((await settled).map((each) => each.status === "fulfilled" && each.value)).toEqual([
          ...bytes.keys(),
        ]);
      }),
      { numRuns: 20 },
    );
  });
});
