/** In which order test files are run. */
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Begun last they would run on alone: their length is not their size, by which vitest goes until it has seen them once. */
const LONGEST = /\/(faults|cluster|browser|people|talking|screens|scrolling)\.e2e\.test\.ts$/;

/** A class, because vitest calls it with `new`. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => LONGEST.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
