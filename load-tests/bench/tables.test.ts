import { expect, test } from "vitest";
import { rawRows, tablesOf } from "./tables.ts";

const scenarios = [{ name: "quiet", about: "two people", run: async () => [] }];
const row = (contender: string, round: number, figure: string, value: number) => ({
  ...{ scenario: "quiet", contender, round, figure, value },
});
const CPU = "CPU ms per accepted message at 10/s";

test("a table has medians with the spread of the rounds, and names the contenders that cannot be had", () => {
  const rows = [
    ...[3, 1.234, 2].map((value, round) => row("suda", round + 1, "p50 ms", value)),
    row("suda", 1, `${CPU}: all`, 0.3),
    row("suda", 1, `${CPU}: redis`, 0.1),
    row("suda", 1, `${CPU}: gateways`, 0.2),
    row("bare", 1, "p50 ms", Number.POSITIVE_INFINITY),
  ];
  const absent = new Map([["centrifugo", "Go is missing"]]);
  expect(tablesOf({ scenarios }, { rows, absent, failed: [] })).toEqual([
    ...["", "### quiet", "", "two people.", ""],
    "|  | suda | bare |",
    "| --- | --- | --- |",
    "| p50 ms | 2 (1.23 to 3) | ∞ |",
    `| ${CPU} | 0.3 | – |`,
    "",
    `- suda, ${CPU}: redis 0.1, gateways 0.2`,
    ...["", "Not to be had here:", "", "- centrifugo: Go is missing"],
  ]);
  expect(rawRows(rows)[0]).toBe("quiet, suda, p50 ms: 3 1.23 2");
});
