/** Imports and mentions in the sources, tests excluded, as readable lists of violations. */
import { readSources, type Source } from "./sources.ts";

export const all = readSources();
export const sources = all.filter(({ isTest }) => !isTest);
export const scripts = sources.filter(({ path }) => /\.(ts|tsx)$/.test(path));

/** @returns a line for each import that matches `forbidden`, in the files that match `where`. */
export const breaches = (
  where: (path: string) => boolean,
  forbidden: (from: string, path: string) => boolean,
): string[] =>
  scripts
    .filter(({ path }) => where(path))
    .flatMap(({ path, imports }) =>
      imports.filter(({ from }) => forbidden(from, path)).map(({ from }) => `${path} imports ${from}`),
    );

/** @returns the files that contain the pattern. */
export const mentions = (pattern: RegExp, among: Source[] = scripts): string[] =>
  among.filter(({ text }) => pattern.test(text)).map(({ path }) => path);

export const topOf = (path: string): string => path.split("/")[0] ?? "";
