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
