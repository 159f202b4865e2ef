/**
 * Passwords that are guessed first: the 6,000 commonest of those long enough to be allowed, one a line, commonest first,
 * in lower case. The facts are the order of frequency in the lists that zxcvbn (MIT) counted in leaked passwords.
 */
import { readFileSync } from "node:fs";

const COMMON: ReadonlySet<string> = new Set(
  readFileSync(new URL("./common-passwords.txt", import.meta.url), "utf8")
    .split("\n")
    .filter(Boolean),
);

/** Whether the password is one of them, whatever its letters' case. */
export const isCommonPassword = (password: string): boolean => COMMON.has(password.toLowerCase());
