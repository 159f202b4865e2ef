import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createTurns } from "./turns.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Work that ends when the test says so; who does it, in the order begun. */
function crowd(atOnce: number) {
  const turn = createTurns(atOnce, 4_000);
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const ask = (asker: string): Promise<void> =>
    turn(asker, () => {
      begun.push(asker);
      return new Promise((resolve) => ends.push(resolve));
    });
  /** The oldest work ends. */
  const end = async (): Promise<void> => {
    ends.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { ask, begun, end };
}

test("so many work at a time, and who asks for much waits behind who asks for little", async () => {
  const { ask, begun, end } = crowd(2);
  const all = ["a", "a", "a", "a", "a", "b", "c"].map(ask);
  expect(begun).toEqual(["a", "a"]);
  for (let done = 0; done < 7; done++) await end();
  await Promise.all(all);
  expect(begun).toEqual(["a", "a", "a", "b", "c", "a", "a"]);
});

test("a place that fails is passed on", async () => {
  const turn = createTurns(1, 4_000);
  const failing = turn("a", () => Promise.reject(new Error("away")));
  await expect(failing).rejects.toThrow("away");
  expect(await turn("b", async () => 7)).toBe(7);
});

test("who waits for too long is told to come again, and takes nobody's turn", async () => {
  const { ask, begun, end } = crowd(1);
  void ask("a");
  const late = expect(ask("b")).rejects.toMatchObject({ code: "unavailable" });
  await vi.advanceTimersByTimeAsync(3_000);
  void ask("c");
  await vi.advanceTimersByTimeAsync(1_000);
  await late;
  await end();
  expect(begun).toEqual(["a", "c"]);
});
