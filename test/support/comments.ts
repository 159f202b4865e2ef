/** The comments of a source file as running text, and the sentences in them. */
import type { Source } from "./sources.ts";

export type Comment = { path: string; line: number; text: string };

const BLOCK = /(?<![^\s{])\/\*+([\s\S]*?)\*\//g;
const LINES = /^([ \t]*)(?:\/\/|--)[ \t].*(?:\n\1(?:\/\/|--)(?:[ \t].*)?)*$/gm;
const TRAILING = /[;,{}()\]][ \t]+(?:\/\/|--)[ \t](.*)$/gm;

/** Lua and SQL begin a comment with two hyphens, the other languages with slashes. */
export function commentsOf({ path, text: withIncludes }: Pick<Source, "path" | "text">): Comment[] {
  const text = withIncludes.replace(/^-- include: .*$/gm, "");
  const found = [BLOCK, LINES, TRAILING].flatMap((pattern) =>
    [...text.matchAll(pattern)].map(({ 0: whole, 1: inner = "", index }) => ({
      path,
      line: text.slice(0, index).split("\n").length,
      text: plain(pattern === LINES ? whole : inner),
    })),
  );
  return found.sort((a, b) => a.line - b.line);
}

/** A sentence ends with its punctuation; a part after a colon or a semicolon, and each tag, counts as one. */
export const sentencesOf = (text: string): string[] =>
  text
    .split(/(?<=[.!?:;])\s+|(?=@(?:param|returns|throws)\b)/)
    .map((sentence) => sentence.replace(/^@(?:param\s+`?\w+`?|returns|throws)\s+/, "").trim());

/** Without the marks at the beginnings of lines. */
const plain = (text: string): string =>
  text
    .replace(/^[ \t]*(?:\*|\/\/|--)[ \t]?/gm, "")
    .replace(/\s+/g, " ")
    .trim();
