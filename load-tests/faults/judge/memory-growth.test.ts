import { expect, test } from "vitest";
import { largest, type Memory } from "../target/memory.ts";
import { grownIn, MIN_ROUNDS } from "./memory-growth.ts";

const ROUNDS = 40;
/** @param at the memory of one process in a round. @param pidAt its pid in that round. */
const rounds = (
  name: string,
  count: number,
  at: (round: number) => number,
  pidAt = (_: number) => 7,
): Memory[] =>
  Array.from({ length: count }, (_, round) => [
    { name: "gateway-9", pid: 9, mib: 190 },
    { name, pid: pidAt(round), mib: at(round) },
  ]);

test.each<[string, string, (round: number) => number]>([
  ["a large process that took some more", "gateway-1", (round) => 400 + 2 * round],
  ["a small one of which little is much", "worker", (round) => 20 + round / 2],
  ["a heap that finds its size in the beginning", "gateway-1", (round) => Math.min(190, 100 + 45 * round)],
  ["a Redis that keeps the newest events of every round's room", "redis", (round) => 15 + round * 0.5 + 35],
])("%s has not grown", (_, name, at) => {
  expect(grownIn(rounds(name, ROUNDS, at))).toEqual([]);
});

test.each(["gateway-1", "worker", "redis"])("a %s that leaks has", (name) => {
  const [line, ...more] = grownIn(rounds(name, ROUNDS, (round) => 110 + 4 * round));
  expect(line).toMatch(new RegExp(`^${name} \\(pid 7\\) grew from \\d+ to \\d+ MiB in ${ROUNDS} rounds$`));
  expect(more).toEqual([]);
});

test("one that leaks is found out also where others take its place every ten rounds", () => {
  const life = (round: number): number => Math.floor(round / 10);
  const leaking = rounds(
    "gateway-1",
    ROUNDS,
    (round) => 110 + 20 * (round % 10),
    (round) => 100 + life(round),
  );
  expect(grownIn(leaking)).toHaveLength(ROUNDS / 10);
});

test("a few rounds tell nothing", () => {
  expect(grownIn(rounds("worker", MIN_ROUNDS - 1, (round) => 190 + 50 * round))).toEqual([]);
});

test("the largest process of a kind is found", () => {
  const memory = [
    { name: "gateway-1", pid: 1, mib: 180 },
    { name: "gateway-2", pid: 2, mib: 190 },
    { name: "worker", pid: 3, mib: 110 },
  ];
  expect([largest(memory, "gateway-"), largest(memory, "worker")]).toEqual([190, 110]);
});
