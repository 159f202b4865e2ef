/**
 * `npm test [-- stage...]`: runs all checks, in stages from quick to slow, even after a failure. The last line sums up.
 */
import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { freemem } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setImmediate as immediate } from "node:timers/promises";
import { ROOT } from "../infra/local/cli/options.ts";
import { Problem, runCommand } from "../infra/local/cli/problem.ts";
import { NEEDS, requirePrograms, WISHES } from "../infra/local/stores/programs.ts";
import { installStores } from "./support/python-stores.ts";
import { mergeRuns, type Run } from "./support/second-run.ts";

/**
 * `tests`: prints its own count; other stages count only if they fail. `seconds`: the budget on two cores. `servers`: it
 * needs the programs that npm cannot install, and failed files are named and run once more by themselves, because real
 * servers and browsers on two busy cores are late now and then.
 */
type Stage = {
  name: string;
  seconds: number;
  tests?: true;
  servers?: true;
  commands: [tool: string, ...args: string[]][];
};
type Count = { passed: number; failed: number };

/** The projects whose files need servers. They mostly wait for them, so four workers keep two cores busy. */
const runServers = (...projects: string[]): Stage["commands"] => [
  ["vitest", "run", ...projects.flatMap((name) => ["--project", name]), "--maxWorkers=4"],
];
const STAGES: Stage[] = [
  { name: "lint", seconds: 10, commands: [["biome", "check"], ["knip"]] },
  { name: "types", seconds: 10, commands: [["tsc"], ["tsc", "-p", "web"], ["tsc", "-p", "load-tests/k6"]] },
  { name: "unit", seconds: 20, tests: true, commands: [["vitest", "run", "--project", "unit"]] },
  {
    name: "int",
    seconds: 100,
    tests: true,
    servers: true,
    commands: runServers("int"),
  },
  {
    name: "kafka",
    seconds: 60,
    tests: true,
    servers: true,
    commands: runServers("kafka"),
  },
  {
    name: "e2e",
    seconds: 220,
    tests: true,
    servers: true,
    commands: runServers("e2e"),
  },
];
/** Memory as a file system, where Linux has it. */
const MEMORY = "/dev/shm";
/** The data of three clusters and browsers at once may need this. */
const ENOUGH_BYTES = 8 * 2 ** 30;
/** A stage that takes this many times its budget counts as hanging. */
const PATIENCE = 4;
const SUMMARY = /^(\d+) passed, (\d+) failed$/;
const FAILED_FILE = /^failed file: (\d+) in (.+)$/;
/** With more failed files a slow machine is not the cause. */
const MAX_TWICE = 3;
const NAME_WIDTH = 7;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

await runCommand(async () => {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown.length > 0)
    throw new Problem(
      `No such stage: ${unknown.join(", ")}. There are ${STAGES.map(({ name }) => name).join(", ")}.`,
    );
  const stages = together(STAGES.filter(({ name }) => wanted.length === 0 || wanted.includes(name)));
  const programs = stages.some((stage) => stage.servers) ? installPrograms() : Promise.resolve();
  // A person who has to install something is told at once; apt-get works beside the stages that need no program.
  await Promise.race([programs, immediate()]);
  // A later failure is told where the first stage awaits them.
  programs.catch(() => undefined);
  keepFilesInMemory();
  const times: string[] = [];
  const total: Count = { passed: 0, failed: 0 };
  for (const stage of stages) {
    if (stage.servers) await programs;
    say(`\n== ${stage.name}`);
    const began = performance.now();
    const { passed, failed } = await runStage(stage);
    total.passed += passed;
    total.failed += failed;
    times.push(timeLine(stage, (performance.now() - began) / 1_000, failed));
  }
  say(`\n${times.join("\n")}\n\n${total.passed} passed, ${total.failed} failed`);
  if (total.failed > 0 || total.passed === 0) process.exitCode = 1;
});

/** Puts the stages with servers into one run, because otherwise cores are idle while the last files of the first one wait. */
function together(stages: Stage[]): Stage[] {
  const serving = stages.filter(({ servers }) => servers);
  const [first] = serving;
  if (!first || serving.length === 1) return stages;
  const names = serving.map(({ name }) => name);
  const seconds = serving.reduce((sum, stage) => sum + stage.seconds, 0);
  const both: Stage = { ...first, name: names.join("+"), seconds, commands: runServers(...names) };
  return [...stages.filter(({ servers }) => !servers), both];
}

/** Keeps the tests' temporary files in memory if there is enough, because on a slow disk the commits of forty clusters take longer than the tests. */
function keepFilesInMemory(): void {
  if (!existsSync(MEMORY)) return;
  const { bavail, bsize } = statfsSync(MEMORY);
  if (Math.min(bavail * bsize, freemem()) < ENOUGH_BYTES) return;
  const folder = mkdtempSync(join(MEMORY, "suda-tests-"));
  // PostgreSQL refuses to run as root, and its own user passes through here.
  chmodSync(folder, 0o711);
  process.env.TMPDIR = folder;
  // Some hundred processes compile the same few files.
  process.env.NODE_COMPILE_CACHE = join(folder, "compiled");
  process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
}

async function installPrograms(): Promise<void> {
  await requirePrograms(Object.values(NEEDS), say);
  await wish("other browsers", () => requirePrograms(Object.values(WISHES), say));
  await wish("Redis 8 and Valkey", () => installStores(say));
}

/** Installs what some tests leave out where it is missing. A failure is only told. */
async function wish(what: string, install: () => Promise<void>): Promise<void> {
  try {
    await install();
  } catch (error) {
    say(`Tests of ${what} are left out: ${(error as Error).message}`);
  }
}

async function runStage({ commands, tests, servers, seconds }: Stage): Promise<Count> {
  const total: Count = { passed: 0, failed: 0 };
  const run = async (tool: string, args: string[]): Promise<Run> => {
    const { code, counted, files } = await runTool(tool, args, seconds * PATIENCE * 1_000);
    // A tool may fail without counting a failure, because it crashed or is not a test runner.
    const failed = counted?.failed || (code === 0 && (counted || !tests) ? 0 : 1);
    return { passed: counted?.passed ?? 0, failed, files };
  };
  for (const [tool, ...args] of commands) {
    const first = await run(tool, args);
    const files = [...first.files.keys()];
    const isAgain = servers && files.length > 0 && files.length <= MAX_TWICE;
    if (isAgain) say(`\nonce more: ${files.join(", ")}`);
    const second = isAgain ? await run(tool, [...args, ...files]) : undefined;
    if (second) say(`needed a second try: ${files.join(", ")}`);
    const { passed, failed } = mergeRuns(first, second);
    total.passed += passed;
    total.failed += failed;
  }
  return total;
}

/** Runs a tool of node_modules and prints its output without the summary, because only the last line may be one. */
async function runTool(
  tool: string,
  args: string[],
  withinMs: number,
): Promise<{ code: number | null; counted?: Count; files: Run["files"] }> {
  const child = spawn(process.execPath, [join(ROOT, "node_modules/.bin", tool), ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
    timeout: withinMs,
    killSignal: "SIGKILL",
  });
  let counted: Count | undefined;
  const files = new Map<string, number>();
  createInterface(child.stdout).on("line", (line) => {
    const [, count, file] = FAILED_FILE.exec(line) ?? [];
    if (file !== undefined) files.set(file, Number(count));
    const [, passed, failed] = SUMMARY.exec(line) ?? [];
    if (passed === undefined) say(line);
    else counted = { passed: Number(passed), failed: Number(failed) };
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, files, ...(counted ? { counted } : {}) };
}

function timeLine({ name, seconds }: Stage, took: number, failed: number): string {
  const verdict = failed > 0 ? "failed" : took > seconds ? "over its budget" : "ok";
  return `${name.padEnd(NAME_WIDTH)} ${took.toFixed(1).padStart(6)} s of ${String(seconds).padStart(3)} s  ${verdict}`;
}
