/** What the sources import and mention, as lists of breaches that a reader can act on. Tests are no sources. */
import { readSources, type Source } from "./sources.ts";

export const all = readSources();
export const sources = all.filter(({ isTest }) => !isTest);
export const scripts = sources.filter(({ path }) => /\.(ts|tsx)$/.test(path));

/** @returns a line for each import that `forbidden` says, among the files that `where` says. */
export const breaches = (
  where: (path: string) => boolean,
  forbidden: (from: string, path: string) => boolean,
): string[] =>
  scripts
    .filter(({ path }) => where(path))
    .flatMap(({ path, imports }) =>
      imports.filter(({ from }) => forbidden(from, path)).map(({ from }) => `${path} imports ${from}`),
    );

/** @returns the files in which the pattern is found. */
export const mentions = (pattern: RegExp, among: Source[] = scripts): string[] =>
  among.filter(({ text }) => pattern.test(text)).map(({ path }) => path);

export const topOf = (path: string): string => path.split("/")[0] ?? "";
