import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/sequencer.ts";

const ignored = ["**/node_modules/**", "web/dist/**", ".suda/**"];

/** The suffix of a test file tells what it needs. Each kind is a project with its own timeouts. */
export default defineConfig({
  test: {
    // Vitest leaves one core free by default, which is half of a machine with two.
    maxWorkers: "100%",
    sequence: { sequencer: LongestFirst },
    reporters: ["default", "./test/support/reporter.ts"],
    projects: [
      {
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: [...ignored, "**/*.int.test.ts", "**/*.kafka.test.ts", "**/*.e2e.test.ts"],
          testTimeout: 10_000,
          // Unit tests share no state of modules, and loading each module once per worker halves their time.
          isolate: false,
        },
      },
      {
        test: {
          name: "int",
          include: ["**/*.int.test.ts"],
          exclude: ignored,
          testTimeout: 30_000,
          // Each file has a database and a key prefix of its own instead.
          isolate: false,
          hookTimeout: 60_000,
          globalSetup: "./test/support/postgres-setup.ts",
          setupFiles: "./test/support/leak-check.ts",
        },
      },
      {
        test: {
          name: "kafka",
          include: ["**/*.kafka.test.ts"],
          exclude: ignored,
          testTimeout: 30_000,
          // Each file has topics of its own instead.
          isolate: false,
          hookTimeout: 60_000,
          globalSetup: ["./test/support/kafka-setup.ts", "./test/support/postgres-setup.ts"],
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
          // Each file has a cluster of its own instead.
          isolate: false,
          globalSetup: "./test/support/data-template-setup.ts",
          setupFiles: "./test/support/use-data-template.ts",
          // On a busy machine a page may take longer than the default time of a poll.
          expect: { poll: { timeout: 15_000 } },
        },
      },
    ],
  },
});
