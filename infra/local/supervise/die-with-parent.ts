/** Finds programs, and makes the kernel end a server with the process that started it (Linux only). */
import { accessSync, constants, realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import { SEARCH_PATH } from "../cli/environment.ts";

export type Command = { command: string; args: string[] };

/** Debian keeps servers in sbin, which is not on an ordinary user's PATH. */
const FOLDERS = [
  ...SEARCH_PATH.split(delimiter),
  "/usr/local/sbin",
  "/usr/sbin",
  "/sbin",
  "/opt/homebrew/bin",
];

/** The full path of the first of these programs that can be run, or undefined. */
export const findProgram = (...names: string[]): string | undefined => placesOf(names).find(isExecutable);

/** The full paths of all that can be run, links followed, in the order of `findProgram`. */
export const findPrograms = (...names: string[]): string[] => [
  ...new Set(
    placesOf(names)
      .filter(isExecutable)
      .map((path) => realpathSync(path)),
  ),
];

const placesOf = (names: string[]): string[] =>
  names.flatMap((name) => FOLDERS.map((folder) => join(folder, name)));

/**
 * Wraps `command` so that it is sent `signal` when this process dies, however it dies. If the system cannot do that (no
 * `setpriv`), returns the command unchanged: the next start on the same data folder ends the orphans.
 */
export function dieWithParent(signal: "INT" | "TERM", { command, args }: Command): Command {
  const setpriv = process.platform === "linux" ? findProgram("setpriv") : undefined;
  if (!setpriv) return { command, args };
  return { command: setpriv, args: ["--pdeathsig", signal, "--", command, ...args] };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
