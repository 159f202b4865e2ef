import fc from "fast-check";
import { expect, it } from "vitest";
import { mergeRuns } from "./second-run.ts";

const run = (passed: number, failed: number, files: [string, number][] = []) => ({
  ...{ passed, failed },
  files: new Map(files),
});

it("a file that passes when it runs again counts as passed", () => {
  expect(mergeRuns(run(90, 2, [["a", 2]]), run(10, 0))).toEqual({ passed: 92, failed: 0 });
});

it("a failure outside of the files that ran again stays one", () => {
  expect(mergeRuns(run(90, 3, [["a", 2]]), run(10, 0))).toEqual({ passed: 92, failed: 1 });
});

it("a second run that fails, or ends without a word, is a failure", () => {
  expect(mergeRuns(run(90, 2, [["a", 2]]), run(9, 1))).toEqual({ passed: 91, failed: 1 });
  expect(mergeRuns(run(0, 1, [["a", 1]]), run(0, 1)).failed).toBe(1);
});

it("without a second run the first one counts", () => {
  expect(mergeRuns(run(90, 2, [["a", 2]]), undefined)).toEqual({ passed: 90, failed: 2 });
});

it("a failure of the second run, or of a file that did not run again, always counts", () => {
  const count = fc.nat({ max: 20 });
  fc.assert(
    fc.property(count, count, count, (again, elsewhere, twice) => {
      const first = run(50, again + elsewhere, [["a", again]]);
      expect(mergeRuns(first, run(1, twice)).failed).toBe(elsewhere + twice);
    }),
  );
});
