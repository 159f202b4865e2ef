/** The mutants apply to the present code, and cover every test of the list in docs/security.md. */
import { parseSync } from "oxc-parser";
import { expect, it } from "vitest";
import { readChecklist, testsOf } from "../support/checklist.ts";
import { readText } from "../support/sources.ts";
import { accept } from "./accept.ts";
import { MUTANTS } from "./catalog.ts";
import { hand } from "./hand.ts";
import { kafka } from "./kafka.ts";
import { createLocator } from "./locate.ts";
import { marks } from "./marks.ts";
import { membership } from "./membership.ts";
import { preflight } from "./preflight.ts";
import { staying } from "./staying.ts";

const UNLISTED = [...accept, ...hand, ...kafka, ...marks, ...membership, ...preflight, ...staying];

it("each mutant's symbol is exported by one file, its text is there once, and is changed", () => {
  const fileOf = createLocator();
  const changes = MUTANTS.flatMap(({ what, also, ...first }) => [
    { what, ...first },
    ...(also ? [{ what, ...also }] : []),
  ]);
  const unfit = changes.filter(
    ({ place, find, replace }) => readText(fileOf(place)).split(find).length !== 2 || find === replace,
  );
  expect(unfit.map(({ what, place, find }) => ({ what, place, find }))).toEqual([]);
});

it("every mutant of a TypeScript file is a program: what cannot even be read shows nothing of its tests", () => {
  const fileOf = createLocator();
  const ofScripts = MUTANTS.filter(({ place }) => /\.tsx?$/.test(fileOf(place)));
  expect(ofScripts.length).toBeGreaterThan(100);
  const broken = ofScripts.filter(({ place, find, replace }) => {
    const path = fileOf(place);
    return (
      parseSync(
        path,
        readText(path).replace(find, () => replace),
      ).errors.length > 0
    );
  });
  expect(broken.map(({ what }) => what)).toEqual([]);
});

it("a place that no file has, and one that several files have, is an error with the reason", () => {
  const fileOf = createLocator();
  expect(() => fileOf("createNothing")).toThrow("no file exports this");
  expect(() => fileOf("main.ts")).toThrow(/name a folder.*gateway\/main\.ts/);
  expect(fileOf("gateway/main.ts")).toBe("gateway/main.ts");
});

it("every mutant has a name of its own and tests that must notice it", () => {
  expect(new Set(MUTANTS.map(({ what }) => what)).size).toBe(MUTANTS.length);
  expect(MUTANTS.filter(({ seenBy }) => seenBy.length === 0)).toEqual([]);
});

it("every test of the checklist must notice some mutant, and no other test is asked", () => {
  const listed = new Set(testsOf(readChecklist()).map(({ path, name }) => `${path}: ${name}`));
  // The mutants of these files are not about security, so their tests are in no list.
  const secured = MUTANTS.filter((mutant) => !UNLISTED.includes(mutant));
  const asked = new Set(secured.flatMap(({ seenBy }) => seenBy.map(([path, name]) => `${path}: ${name}`)));
  expect(listed.size).toBeGreaterThan(30);
  expect([...listed].filter((test) => !asked.has(test))).toEqual([]);
  expect([...asked].filter((test) => !listed.has(test))).toEqual([]);
});

it("the tests that must notice the mutants of no list are there", () => {
  const asked = UNLISTED.flatMap(({ seenBy }) => [...seenBy]);
  expect(asked.filter(([path, name]) => !readText(path).includes(name.split(": ").at(-1) ?? name))).toEqual(
    [],
  );
});
