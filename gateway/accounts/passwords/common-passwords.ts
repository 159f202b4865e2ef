/**
 * Passwords that are guessed first, one a line, in lower case: the 6,000 commonest of those long enough to be allowed, as
 * zxcvbn (MIT) counted them in leaked passwords, and the repeats and runs that its list leaves out for having rules for them.
 */
import { readFileSync } from "node:fs";

const COMMON: ReadonlySet<string> = new Set(
  readFileSync(new URL("./common-passwords.txt", import.meta.url), "utf8")
    .split("\n")
    .filter(Boolean),
);

/** Whether the password is one of them, whatever its letters' case. */
export const isCommonPassword = (password: string): boolean => COMMON.has(password.toLowerCase());
