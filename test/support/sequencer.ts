/** The order of test files. */
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** These run first, because at the end they would run alone. vitest orders new files by size, not by duration. */
const LONGEST =
  /\/((faults|cluster|browser|people|talking|screens|scrolling|page|upgrade|soak|fuzz|engines|fronts)\.e2e|(two-machines|membership|year|edge|checker|limits|look)\.int)\.test\.ts$/;

/** A class, because vitest calls it with `new`. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => LONGEST.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
