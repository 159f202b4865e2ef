/** Processes of this machine: signals, descendants, resident memory. Linux only. */
import { readdirSync, readFileSync } from "node:fs";

/** Does nothing if the process is gone already. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/**
 * A process and its descendants, the root first. By parents, because PostgreSQL's processes have groups of their own.
 */
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
  // The name, in brackets, may contain anything, so the fields are read after it.
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
