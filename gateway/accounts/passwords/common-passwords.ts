/**
 * The passwords that are guessed first, one a line, in lower case: the 6,000 commonest of the allowed lengths as
 * counted by zxcvbn (MIT) in leaked passwords, and the repeats and runs that its list leaves to its rules.
 */
import { readFileSync } from "node:fs";

const COMMON: ReadonlySet<string> = new Set(
  readFileSync(new URL("./common-passwords.txt", import.meta.url), "utf8")
    .split("\n")
    .filter(Boolean),
);

/** Ignores case. */
export const isCommonPassword = (password: string): boolean => COMMON.has(password.toLowerCase());
