/** The living processes of a cluster, from the operating system. */
import { readdirSync, readFileSync } from "node:fs";
import { until } from "../../shared/until.ts";

/** Living processes whose command names `dir`, or that belong to the group of one of these pids (nginx has workers). */
export function living(dir: string, pids: (number | null)[] = []): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((pid) => ({ pid, command: commandOf(pid), group: groupOf(pid) }))
    .filter(({ command, group }) => command !== "" && (command.includes(dir) || pids.includes(group)))
    .map(({ pid, command }) => `${pid} ${command}`);
}

function groupOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2]);
  } catch {
    return 0;
  }
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

export const nothingLives = (dir: string, pids: (number | null)[]): Promise<void> =>
  until("nothing is left", () => living(dir, pids).length === 0, { withinMs: 15_000 });
