import { afterEach, expect, test, vi } from "vitest";
import { readOptions } from "./options.ts";

afterEach(() => void vi.restoreAllMocks());

test.each([0, 0.5, 1 - Number.EPSILON])(
  "a run without a seed gets one that can be given again: %s",
  (random) => {
    vi.spyOn(Math, "random").mockReturnValue(random);
    const { seed } = readOptions([]);
    expect(readOptions(["--seed", String(seed)]).seed).toBe(seed);
  },
);

test("clients talk in one room unless the command line spreads them over more", () => {
  expect(readOptions([]).rooms).toBe(1);
  expect(readOptions(["--rooms", "100", "--clients", "1000"]).rooms).toBe(100);
});

test("more rooms than clients are a mistake, because nobody would talk in some", () => {
  expect(() => readOptions(["--rooms", "4", "--clients", "3"])).toThrow("--rooms");
});
