import { expect, test } from "vitest";
import { grownIn, LEAST_ROUNDS, type Memory } from "./memory.ts";

const ROUNDS = 40;
const USUAL: Memory = { gateway: 190, worker: 110, redis: 20 };
const rounds = (count: number, at: (round: number) => Partial<Memory>): Memory[] =>
  Array.from({ length: count }, (_, round) => ({ ...USUAL, ...at(round) }));

test("a large process that took some more, and a small one of which little is much, have not grown", () => {
  const breathing = rounds(ROUNDS, (round) => ({ gateway: 400 + 3 * round, redis: 20 + round / 2 }));
  expect(grownIn(breathing)).toEqual([]);
});

test("a heap that finds its size in the beginning has not grown", () => {
  expect(grownIn(rounds(ROUNDS, (round) => ({ gateway: Math.min(330, 130 + 20 * round) })))).toEqual([]);
});

test.each(["gateway", "worker", "redis"] as const)("a %s that leaks has", (kind) => {
  const [line, ...more] = grownIn(rounds(ROUNDS, (round) => ({ [kind]: USUAL[kind] + 4 * round })));
  expect(line).toMatch(new RegExp(`^${kind} grew from \\d+ to \\d+ MiB in ${ROUNDS} rounds$`));
  expect(more).toEqual([]);
});

test("a few rounds tell nothing", () => {
  expect(grownIn(rounds(LEAST_ROUNDS - 1, (round) => ({ gateway: 190 + 50 * round })))).toEqual([]);
});
