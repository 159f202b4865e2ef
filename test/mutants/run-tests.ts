/** Runs single tests in a copy of the repository and returns their outcomes. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/** `missing`: no test of that name ran, so nothing is known. */
export type Outcome = "passed" | "failed" | "missing";

type Result = { fullName: string; status: string };
type Report = { testResults: { name: string; assertionResults: Result[] }[] };

/** A longer run counts as hanging, and its tests as missing. */
const PATIENCE_MS = 10 * 60_000;

/** A name in docs/security.md: of a test, of its group, or a template of several tests (`%s is refused`). */
const patternOf = (name: string): string =>
  name
    .split(/%[sdifjoO#]/)
    .map((literal) => literal.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");

/** Calls vitest once. @returns for each name `failed` if any test of that name failed. */
export async function runTests(
  folder: string,
  file: string,
  names: readonly string[],
): Promise<Map<string, Outcome>> {
  const report = join(folder, "report.json");
  rmSync(report, { force: true });
  const wanted = names.map(patternOf).join("|");
  await runVitest(folder, ["run", file, "-t", wanted, "--reporter=json", `--outputFile=${report}`]);
  const ran = existsSync(report)
    ? resultsIn(JSON.parse(readFileSync(report, "utf8")), join(folder, file))
    : [];
  return new Map(names.map((name) => [name, outcomeOf(name, ran)]));
}

/** vitest matches the file as a part of a path, so other files may have run as well. */
const resultsIn = ({ testResults }: Report, path: string): Result[] =>
  testResults.filter(({ name }) => name === path).flatMap(({ assertionResults }) => assertionResults);

function outcomeOf(name: string, ran: readonly Result[]): Outcome {
  const pattern = new RegExp(patternOf(name));
  const statuses = ran.filter(({ fullName }) => pattern.test(fullName)).map(({ status }) => status);
  if (statuses.includes("failed")) return "failed";
  return statuses.includes("passed") ? "passed" : "missing";
}

function runVitest(folder: string, args: string[]): Promise<void> {
  const child = spawn(process.execPath, [join(folder, "node_modules/.bin/vitest"), ...args], {
    cwd: folder,
    stdio: "ignore",
    timeout: PATIENCE_MS,
    killSignal: "SIGKILL",
  });
  const end = (): void => void child.kill();
  process.once("exit", end);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => {
      process.off("exit", end);
      resolve();
    });
  });
}
