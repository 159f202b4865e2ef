import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/sequencer.ts";

const ignored = ["**/node_modules/**", "web/dist/**", ".suda/**"];

/** The suffix says what a test needs; each kind is a project with its own patience. */
export default defineConfig({
  test: {
    // One core more than vitest takes by itself, which on two is all the difference.
    maxWorkers: "100%",
    sequence: { sequencer: LongestFirst },
    reporters: ["default", "./test/support/reporter.ts"],
    projects: [
      {
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: [...ignored, "**/*.int.test.ts", "**/*.e2e.test.ts"],
          testTimeout: 10_000,
        },
      },
      {
        test: {
          name: "int",
          include: ["**/*.int.test.ts"],
          exclude: ignored,
          testTimeout: 30_000,
          hookTimeout: 60_000,
          globalSetup: "./test/support/postgres-setup.ts",
          setupFiles: "./test/support/leak-check.ts",
        },
      },
      {
        test: {
          name: "e2e",
          include: ["**/*.e2e.test.ts"],
          exclude: ignored,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // What a page shows comes when it comes: on a busy machine later than a poll waits by itself.
          expect: { poll: { timeout: 15_000 } },
        },
      },
    ],
  },
});
