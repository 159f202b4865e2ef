/** Comments and names of tests have their subject first, and give reasons with "because". */
import { expect, it } from "vitest";
import { commentsOf, sentencesOf } from "./support/comments.ts";
import { all } from "./support/imports.ts";

/** Folders that keep the rules; a new folder is added here. */
const FOLDERS = ["gateway/", "shared/", "worker/", "web/", "test/", "load-tests/", "infra/", "examples/"];
/** Migrations never change once they were applied, and the schema is a dump of them. */
const FROZEN = /^worker\/(?:migrations\/|schema\.sql$)/;

/** "What is too fast is refused": a clause in place of a subject. */
const BARE_HEAD = /^(?:That|[Ww]h(?:at|o|om|ose|atever|oever)|[Ss]o long)\b/;
/** `since` is the name of a field, and "since when" a time. */
const SINCE = /^Since\b|, since\b(?! when)/;

const kept = all.filter(
  ({ path }) => FOLDERS.some((folder) => path.startsWith(folder)) && !FROZEN.test(path),
);
const sentences = kept
  .flatMap(commentsOf)
  .flatMap(({ path, line, text }) =>
    sentencesOf(text).map((sentence) => ({ at: `${path}:${line}`, sentence })),
  );
const breaches = (rule: RegExp): string[] =>
  sentences.filter(({ sentence }) => rule.test(sentence)).map(({ at, sentence }) => `${at} ${sentence}`);

it("no sentence of a comment begins with a bare that, what, who or so long", () => {
  expect(sentences.length).toBeGreaterThan(2_000);
  expect(breaches(BARE_HEAD)).toEqual([]);
});

it("a reason in a comment is given with because", () => {
  expect(breaches(SINCE)).toEqual([]);
});

it("no name of a test begins with a bare what or who", () => {
  const named = kept.flatMap(({ path, text }) =>
    [...text.matchAll(/\b(?:it|test|describe)(?:\.each\([^\n]*\))?\(\s*["`]([^"`]+)/g)].map(
      ([, name = ""]) => ({
        path,
        name,
      }),
    ),
  );
  expect(named.length).toBeGreaterThan(500);
  expect(named.filter(({ name }) => BARE_HEAD.test(name))).toEqual([]);
});

it("comments are found in every form, and cut into sentences", () => {
  const text = `/** One: two. @param a three */\n  // Four,\n  // five.\nf(); // six\nconst url = "http://x";`;
  const found = commentsOf({ path: "a.ts", text });
  expect(found.map((comment) => [comment.line, ...sentencesOf(comment.text)])).toEqual([
    [1, "One:", "two.", "three"],
    [2, "Four, five."],
    [4, "six"],
  ]);
  expect(commentsOf({ path: "a.lua", text: "-- Seven\n--   eight\nlocal a = b" })).toMatchObject([
    { text: "Seven eight" },
  ]);
});
