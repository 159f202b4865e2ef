import { expect, test, vi } from "vitest";
import { singleFlight } from "./single-flight.ts";

/** Work that is done when the test says so. */
function pending() {
  const runs: { key: string; resolve: (value: number) => void; reject: (error: Error) => void }[] = [];
  const onResult = vi.fn();
  const flight = singleFlight(
    (key: string) =>
      new Promise<number>((resolve, reject) => {
        runs.push({ key, resolve, reject });
      }),
    { onResult },
  );
  return { runs, onResult, flight };
}

test("all who ask while a run is under way share it; each key has its own", async () => {
  const { runs, flight, onResult } = pending();
  const all = [flight("a"), flight("a"), flight("b")];
  expect(runs.map(({ key }) => key)).toEqual(["a", "b"]);
  runs[0]?.resolve(1);
  runs[1]?.resolve(2);
  expect(await Promise.all(all)).toEqual([1, 1, 2]);
  expect(onResult.mock.calls).toEqual([
    [1, "a"],
    [2, "b"],
  ]);
});

test("nothing is remembered: after a run has ended, or failed, the next to ask starts another one", async () => {
  const { runs, flight } = pending();
  const failed = flight("a");
  runs[0]?.reject(new Error("gone"));
  await expect(failed).rejects.toThrow("gone");
  const next = flight("a");
  runs[1]?.resolve(2);
  expect(await next).toBe(2);
  void flight("a");
  expect(runs).toHaveLength(3);
});

test("a run that began before news is joined by nobody who asks after it, and its result is not kept", async () => {
  const { runs, flight, onResult } = pending();
  const old = flight("a");
  flight.invalidate("a");
  const fresh = flight("a");
  runs[1]?.resolve(2);
  runs[0]?.resolve(1);
  expect(await Promise.all([old, fresh])).toEqual([1, 2]);
  expect(onResult.mock.calls).toEqual([[2, "a"]]);
});

test("the end of a run that was invalidated does not end the one that took its place", async () => {
  const { runs, flight } = pending();
  const old = flight("a");
  flight.invalidate();
  const fresh = flight("a");
  runs[0]?.reject(new Error("gone"));
  await expect(old).rejects.toThrow("gone");
  expect(flight.running("a")).toBe(fresh);
});

test("a caller that gets a result may start the next run at once", async () => {
  let runs = 0;
  const flight = singleFlight(async () => ++runs, {
    onResult: (count) => void (count === 1 && flight()),
  });
  await flight();
  expect(runs).toBe(2);
});
