import { expect, test } from "vitest";
import { judgeStorm, type StormFigures } from "./storm-judge.ts";

/** Figures measured by `npm run storm`. */
const GOOD: StormFigures = {
  clients: 5_000,
  recovered: 5_000,
  lastBackMs: 2_395,
  chatP99Ms: 488,
  heard: 24_000,
  due: 24_000,
  wrong: 0,
  calm: { commands: 1_225, scripts: 132, transactions: 2.7 },
  storm: { commands: 7_451, scripts: 131, transactions: 2.6 },
  acceptQueue: { overflows: 0, drops: 0 },
};

test("a storm that nobody feels breaks no promise", () => {
  expect(judgeStorm(GOOD)).toEqual([]);
});

test.each<[string, Partial<StormFigures>, string]>([
  ["a client that starts over", { recovered: 4_999 }, "did not resume: 1.0"],
  ["one who is back late", { lastBackMs: 10_001 }, "until the last was back"],
  ["a chat that fell silent", { heard: 0, chatP99Ms: 0 }, "did not hear"],
  ["a storm without a chat", { heard: 0, due: 0 }, "shows nothing"],
  ["a storm of nobody", { clients: 0, recovered: 0 }, "shows nothing"],
  ["a refusal", { wrong: 1 }, "refusals"],
  ["a chat that waits", { chatP99Ms: 501 }, "the chat of the others"],
  [
    "a query for every hundredth client",
    { storm: { ...GOOD.storm, transactions: 14 } },
    "PostgreSQL transactions/s",
  ],
  ["a script for every tenth client", { storm: { ...GOOD.storm, scripts: 250 } }, "Redis scripts/s"],
  ["a full accept queue", { acceptQueue: { overflows: 1, drops: 0 } }, "queues that overflowed"],
  ["a connection that was dropped", { acceptQueue: { overflows: 0, drops: 1 } }, "dropped before"],
])("%s breaks one", (_, change, words) => {
  const broken = judgeStorm({ ...GOOD, ...change });
  expect(broken).toHaveLength(1);
  expect(broken[0]).toContain(words);
});
