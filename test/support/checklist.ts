/** The checklist of docs/security.md, parsed for tests. */
import { readText } from "./sources.ts";

export type Line = { number: number; claim: string; answer: string };
export type NamedTest = { number: number; path: string; name: string };

export const readChecklist = (): Line[] =>
  readText("docs/security.md")
    .split("\n")
    .map((line) => /^\| (\d+) \| (.*) \| (.*) \|$/.exec(line))
    .filter((row) => row !== null)
    .map(([, number, claim = "", answer = ""]) => ({ number: Number(number), claim, answer }));

/** Every test that the list names, with the number of its line. */
export const testsOf = (lines: readonly Line[]): NamedTest[] =>
  lines.flatMap(({ number, answer }) =>
    [...answer.matchAll(/`([\w./-]+\.test\.tsx?)` "([^"]+)"/g)].map(([, path = "", name = ""]) => ({
      number,
      path,
      name,
    })),
  );
