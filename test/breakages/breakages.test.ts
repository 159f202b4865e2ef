/** What is deliberately broken fits the product as it is, and the list in docs/security.md, test by test. */
import { expect, it } from "vitest";
import { readChecklist, testsOf } from "../support/checklist.ts";
import { readText } from "../support/sources.ts";
import { BREAKAGES } from "./catalog.ts";
import { hand } from "./hand.ts";

it("what is to be broken is there once, and is changed", () => {
  const faults = BREAKAGES.flatMap(({ what, also, ...first }) => [
    { what, ...first },
    ...(also ? [{ what, ...also }] : []),
  ]);
  const unfit = faults.filter(
    ({ file, find, replace }) => readText(file).split(find).length !== 2 || find === replace,
  );
  expect(unfit.map(({ what, file, find }) => ({ what, file, find }))).toEqual([]);
});

it("every breakage has a name of its own and tests that must notice it", () => {
  expect(new Set(BREAKAGES.map(({ what }) => what)).size).toBe(BREAKAGES.length);
  expect(BREAKAGES.filter(({ seenBy }) => seenBy.length === 0)).toEqual([]);
});

it("every test of the checklist must notice some breakage, and no other test is asked", () => {
  const listed = new Set(testsOf(readChecklist()).map(({ path, name }) => `${path}: ${name}`));
  // Those of the hand are not about security: their tests stand in no list.
  const secured = BREAKAGES.filter((breakage) => !hand.includes(breakage));
  const asked = new Set(secured.flatMap(({ seenBy }) => seenBy.map(([path, name]) => `${path}: ${name}`)));
  expect(listed.size).toBeGreaterThan(30);
  expect([...listed].filter((test) => !asked.has(test))).toEqual([]);
  expect([...asked].filter((test) => !listed.has(test))).toEqual([]);
});

it("the tests that must notice what is under the hand are there", () => {
  const asked = hand.flatMap(({ seenBy }) => [...seenBy]);
  expect(asked.filter(([path, name]) => !readText(path).includes(name.split(": ").at(-1) ?? name))).toEqual(
    [],
  );
});
