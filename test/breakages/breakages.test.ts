/** What is deliberately broken fits the product as it is, and the list in docs/security.md, test by test. */
import { expect, it } from "vitest";
import { readChecklist, testsOf } from "../support/checklist.ts";
import { readText } from "../support/sources.ts";
import { BREAKAGES } from "./catalog.ts";

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
  const asked = new Set(BREAKAGES.flatMap(({ seenBy }) => seenBy.map(([path, name]) => `${path}: ${name}`)));
  expect(listed.size).toBeGreaterThan(30);
  expect([...listed].filter((test) => !asked.has(test))).toEqual([]);
  expect([...asked].filter((test) => !listed.has(test))).toEqual([]);
});
