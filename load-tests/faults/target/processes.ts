/** Processes of this machine: signals to them, to all that descend from them, and what they hold of memory. Linux only. */
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Starts a program that ends with this process, however this process ends. */
export function spawnTied(settings: Record<string, string>, command: string, args: string[]): ChildProcess {
  const named = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return spawn("setpriv", ["--pdeathsig", "TERM", "--", "env", ...named, command, ...args], {
    stdio: ["pipe", "ignore", "inherit"],
  });
}

/** A process that is gone already is none of our business. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** PostgreSQL's processes are groups of their own, so the tree has to be followed. The root comes first. */
export function treeOf(root: number): number[] {
  const children = Map.groupBy(
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number),
    parentOf,
  );
  const found = [root];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

function parentOf(pid: number): number {
  // The name, in brackets, may hold anything; what follows it does not.
  const fields = read(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ");
  return Number(fields?.[1] ?? 0);
}

/** MiB of resident memory. */
export function residentMiB(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return "";
    throw error;
  }
}
