import fc from "fast-check";
import { expect, test } from "vitest";
import { findMarks, wordsOf } from "./search-marks.ts";

test.each([
  ["오늘 하늘이 파랗다", "하늘", [[3, 2]]],
  [
    "Hello hello HELLO",
    "hello",
    [
      [0, 5],
      [6, 5],
      [12, 5],
    ],
  ],
  [
    "the banana",
    "ana the",
    [
      [0, 3],
      [5, 5],
    ],
  ],
  ["ㅋㅋㅋㅋ", "ㅋㅋ", [[0, 4]]],
  ["👩‍👩‍👧 zoo 👩‍👩‍👧", "zoo", [[9, 3]]],
  ["İstanbul", "stan", [[1, 4]]],
  ["nothing", "else", []],
])("%j, searched by %j", (text, query, marks) => {
  expect(findMarks(text, wordsOf(query))).toEqual(marks);
});

const letter = fc.constantFrom(..."aAbBİß가나ㄱ 😀é\n.");
const text = fc.string({ unit: letter, maxLength: 30 });
const lower = (said: string): string => Array.from(said, (char) => char.toLowerCase()).join("");

test("marks are in order, apart, within the text, at whole letters, and each holds a word", () => {
  fc.assert(
    fc.property(text, fc.array(text, { maxLength: 4 }), (said, queries) => {
      const words = wordsOf(queries.join(" "));
      const marks = findMarks(said, words);
      let end = -1;
      for (const [start, length] of marks) {
        expect(start).toBeGreaterThan(end);
        end = start + length;
        expect(length).toBeGreaterThan(0);
        expect(end).toBeLessThanOrEqual(said.length);
        const marked = said.slice(start, end);
        expect(marked.isWellFormed()).toBe(true);
        expect(words.some((word) => lower(marked).includes(lower(word)))).toBe(true);
      }
    }),
  );
});

test("a word that is in the text is marked wherever it was put", () => {
  fc.assert(
    fc.property(
      text,
      fc.string({ unit: fc.constantFrom(..."aB가나😀"), minLength: 1 }),
      text,
      (before, word, after) => {
        const start = before.length;
        const end = start + word.length;
        const covering = findMarks(before + word + after, [word]).some(
          ([from, length]) => from <= start && from + length >= end,
        );
        expect(covering).toBe(true);
      },
    ),
  );
});
