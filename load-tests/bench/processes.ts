/** CPU time and memory of processes with all their children, from `/proc`. Linux only. */
import { readdirSync, readFileSync } from "node:fs";

export type Tree = { name: string; pid: number };
export type Use = { cpuMs: number; memoryKiB: number };

/** The clock of `/proc/PID/stat`, the same on every Linux of today. */
const TICK_MS = 10;

/** @returns the use of each tree since its start, without the trees in it that are named themselves. */
export function readUse(trees: readonly Tree[]): Map<string, Use> {
  const children = readChildren();
  const roots = new Set(trees.map(({ pid }) => pid));
  const uses = new Map<string, Use>();
  for (const { name, pid } of trees) {
    const use = uses.get(name) ?? { cpuMs: 0, memoryKiB: 0 };
    for (const each of membersOf(pid)) {
      use.cpuMs += cpuMsOf(each);
      use.memoryKiB += memoryOf(each);
    }
    uses.set(name, use);
  }
  return uses;

  function membersOf(pid: number): number[] {
    const below = (children.get(pid) ?? []).filter((child) => !roots.has(child));
    return [pid, ...below.flatMap(membersOf)];
  }
}

function readChildren(): Map<number, number[]> {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc").filter((each) => /^\d+$/.test(each))) {
    const parent = Number(fieldsOf(Number(name))[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  return children;
}

/** Children that have ended count with their parent, so the sum of a tree never falls. */
const cpuMsOf = (pid: number): number =>
  fieldsOf(pid)
    .slice(11, 15)
    .reduce((sum, ticks) => sum + Number(ticks) * TICK_MS, 0);

/** The fields of `stat` after the name, which may contain spaces: state, parent, and so on. Empty when it has ended. */
function fieldsOf(pid: number): string[] {
  const stat = read(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

/** Memory that processes share is divided among them where the kernel tells. */
function memoryOf(pid: number): number {
  const shared = /^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1];
  return Number(shared ?? /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
