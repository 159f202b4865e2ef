import { expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { MIXED } from "./catalog.ts";
import { mixOf } from "./mix.ts";

const ROUNDS = 500;

const namesOf = (seed: number): string[] => {
  const random = createRandom(seed);
  return Array.from({ length: ROUNDS }, () => mixOf(MIXED, random).name);
};

test("every fault of one machine comes up in a mix", () => {
  const played = new Set(namesOf(1).flatMap((name) => name.split("+")));
  expect([...played].sort()).toEqual(MIXED.map(({ name }) => name).sort());
});

test("no two of a round hit the same", () => {
  const targets = new Map(MIXED.map(({ name, target }) => [name, target]));
  for (const round of namesOf(2)) {
    const hit = round.split("+").map((name) => targets.get(name));
    expect(new Set(hit).size).toBe(hit.length);
  }
});

test("the same seed chooses the same faults", () => {
  expect(namesOf(3)).toEqual(namesOf(3));
});
