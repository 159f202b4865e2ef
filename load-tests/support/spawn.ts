/** Starts programs for tests and load tests. */
import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { existsSync } from "node:fs";

const SETPRIV = "/usr/bin/setpriv";

/** @param settings added to the environment of this process. On Linux the child always dies with this process. */
export function spawnChild(
  settings: Record<string, string>,
  command: string,
  args: string[],
  stdio: StdioOptions,
): ChildProcess {
  const named = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  const words = ["env", ...named, command, ...args];
  const [program = "", ...rest] = existsSync(SETPRIV)
    ? [SETPRIV, "--pdeathsig", "TERM", "--", ...words]
    : words;
  return spawn(program, rest, { stdio });
}

/** The words of a command that may open so many files. */
export const withOpenFiles = (count: number, words: string[]): string[] => [
  ...["sh", "-c", `ulimit -n ${count}; exec "$@"`, "sh"],
  ...words,
];

/** The words of a command that runs as a user who owns nothing. Only root may start it. */
export const asNobody = (words: string[]): string[] => [
  ...[SETPRIV, "--reuid=65534", "--regid=65534", "--clear-groups", "--"],
  ...words,
];
