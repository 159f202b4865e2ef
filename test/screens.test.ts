/** No screen can be forgotten: each has a mark, and the walk over all screens (screens.e2e.test.ts) goes to each mark. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { componentsOfPage, screensOfPage } from "./support/screens.ts";

const read = (path: string): string => readFileSync(join(import.meta.dirname, path), "utf8");

test("every component that takes the window, or lies above it, is marked as a screen", () => {
  const screens = componentsOfPage().filter(
    ({ file, text }) =>
      /(-dialog|-screen)\.tsx$/.test(file) || /<Dialog[\s>]|\bpopover=|role="(alert)?dialog"/.test(text),
  );
  expect(screens.length).toBeGreaterThan(10);
  expect(screens.filter(({ marks }) => marks.length === 0).map(({ file }) => file)).toEqual([]);
});

test("every dialog that can be open is one of them, and no two screens are alike by name", () => {
  const union = /type OpenDialog =([^;]|;(?=[^\n]*\}))*/.exec(read("../web/state/dialogs.ts"))?.[0] ?? "";
  const dialogs = [...union.matchAll(/\bat: "([\w-]+)"/g)].map(([, at]) => at);
  expect(dialogs).toContain("reports");
  expect(screensOfPage()).toEqual(expect.arrayContaining(dialogs));
  expect(new Set(screensOfPage()).size).toBe(screensOfPage().length);
});

test("the walk goes to every screen", () => {
  const walk = read("screens.e2e.test.ts") + read("support/panels-walk.ts");
  const walked = [...walk.matchAll(/\b(?:walk|open)\(\s*"([\w-]+)"/g)].map(([, name]) => name);
  expect(screensOfPage().filter((screen) => !walked.includes(screen))).toEqual([]);
});

test("no button is disabled under the focus: it says that it is, and does nothing", () => {
  const disabling = componentsOfPage().filter(({ text }) =>
    /[^-]\bdisabled[=\s>]/.test(text.replaceAll(/\/\/[^\n]*|\/\*.*?\*\//gs, "")),
  );
  // Its field must not accept text, and its button never keeps the focus.
  expect(disabling.map(({ file }) => file)).toEqual([
    "composer/send-button.tsx",
    "composer/writing-field.tsx",
  ]);
});
