/** A command that ends by itself on a machine that is not as it should be: its output, its end, and its time. */
import { execFile } from "node:child_process";
import { expect } from "vitest";
import { childEnvironment } from "../../infra/local/cli/environment.ts";
import { bundled } from "../../infra/local/supervise/bundle.ts";

/** A password that nothing may print, log or answer. */
export const SECRET = "s3cret-that-nobody-prints";
const MAX_LINE_CHARS = 300;
const STACK = /^\s+at .*[(:]\d+\)?$/m;

export type SingleRun = { code: number; lines: string[]; tookMs: number };

/**
 * @param script the program, from the root of the repository.
 * @param files the number of files that it may open.
 * @throws an assertion's error on a long line, a stack, or a secret in the output.
 */
export async function runOnce(
  script: string,
  settings: Record<string, string>,
  args: readonly string[] = [],
  files = 4_096,
): Promise<SingleRun> {
  const program = await bundled(script);
  const since = performance.now();
  const shell = ["-c", `ulimit -n ${files}; exec "$@"`, "sh", process.execPath, ...program];
  const { code, said } = await new Promise<{ code: number; said: string }>((resolve) => {
    const child = execFile(
      "sh",
      [...shell, ...args],
      { env: childEnvironment(settings), timeout: 25_000 },
      (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, said: `${stdout}${stderr}` }),
    );
  });
  const lines = said.trimEnd().split("\n");
  // A log line of a process has its name and time around what it says.
  expect(lines.filter((line) => line.length > MAX_LINE_CHARS && !line.startsWith("{"))).toEqual([]);
  expect(said).not.toContain(SECRET);
  expect(said).not.toMatch(STACK);
  return { code, lines, tookMs: performance.now() - since };
}
