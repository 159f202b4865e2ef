/** Identifies a process by pid and start time, because pids are reused. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

export type Identity = { pid: number; start: string };

/** The identity of a living process; undefined when there is none. A zombie does not count. */
export function identify(pid: number): Identity | undefined {
  const start = process.platform === "linux" ? startOnLinux(pid) : startByPs(pid);
  return start === undefined ? undefined : { pid, start };
}

export function isAlive({ pid, start }: Identity): boolean {
  return identify(pid)?.start === start;
}

function startOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the command in parentheses and may hold anything; after it come state (3) to start time (22).
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function startByPs(pid: number): string | undefined {
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || undefined;
  } catch {
    return undefined;
  }
}
