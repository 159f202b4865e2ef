/** The list in docs/security.md names existing tests, and the installed packages are the reviewed ones. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readChecklist, testsOf } from "./support/checklist.ts";
import { ROOT, readText } from "./support/sources.ts";

const LINES = 35;
const rows = readChecklist();

it("every line of the checklist has an answer, in order", () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: LINES }, (_, index) => index + 1));
  expect(rows.filter(({ answer }) => answer.length < 20)).toEqual([]);
});

it("every test that the list names is there by this name", () => {
  const named = testsOf(rows);
  expect(named.length).toBeGreaterThan(LINES);
  const missing = named.filter(
    ({ path, name }) => !existsSync(join(ROOT, path)) || !readText(path).includes(name),
  );
  expect(missing).toEqual([]);
});

it("every line without a test says why", () => {
  const silent = rows.filter(
    ({ answer }) => !/\.test\.tsx?` "/.test(answer) && !/does not apply|open:/i.test(answer),
  );
  expect(silent).toEqual([]);
});

it("every package is pinned by the hash of what was looked at, native addons too", () => {
  const { packages } = JSON.parse(readText("package-lock.json")) as {
    packages: Record<string, { integrity?: string; resolved?: string; link?: boolean }>;
  };
  const installed = Object.entries(packages).filter(([path]) => path !== "");
  expect(installed.length).toBeGreaterThan(20);
  expect(
    installed.filter(([, { integrity }]) => !integrity?.startsWith("sha512-")).map(([path]) => path),
  ).toEqual([]);
});
