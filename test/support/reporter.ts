/** Ends a run with one line that people and programs can read. */
import type { SerializedError, TestModule } from "vitest/node";

/** vitest requires the default export, calls it with `new`, and uses the returned object. */
export default function createReporter() {
  return {
    /** A file that fails to load, and an error outside of any test, count as one failure each. */
    onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
      const tests = modules.flatMap((module) => [...module.children.allTests()]);
      const count = (state: string): number => tests.filter((test) => test.result().state === state).length;
      const broken = modules.flatMap((module) => module.errors()).length + unhandled.length;
      for (const module of modules.filter((each) => !each.ok())) {
        const failed = [...module.children.allTests()].filter((test) => test.result().state === "failed");
        const count = Math.max(1, failed.length + module.errors().length);
        process.stdout.write(`failed file: ${count} in ${module.relativeModuleId}\n`);
      }
      process.stdout.write(`${count("passed")} passed, ${count("failed") + broken} failed\n`);
    },
  };
}
