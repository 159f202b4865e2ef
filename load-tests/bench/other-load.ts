/** The load that a trial does not know of: other processes on the servers' cores, which make every figure worse. Linux only. */
import { readFileSync } from "node:fs";
import { readUse, type Tree } from "./processes.ts";

const TICK_MS = 10;
/** The columns of a line of `/proc/stat` in which a core did nothing. */
const IDLE = [3, 4];
/** Those after it are already part of others. */
const COLUMNS = 8;

/** @param cores as `taskset` takes them: `0` or `0-2`. @returns a function that tells the load since now, in percent of these cores. */
export function watchOtherLoad(cores: string, own: readonly Tree[]): () => number {
  const [from = 0, to = from] = cores.split("-").map(Number);
  const [began, busy, used] = [performance.now(), busyMs(from, to), usedMs(own)];
  return () => {
    const others = busyMs(from, to) - busy - (usedMs(own) - used);
    return Math.max(0, (others / ((performance.now() - began) * (to - from + 1))) * 100);
  };
}

const usedMs = (trees: readonly Tree[]): number =>
  [...readUse(trees).values()].reduce((sum, { cpuMs }) => sum + cpuMs, 0);

function busyMs(from: number, to: number): number {
  const stat = readFileSync("/proc/stat", "utf8");
  let ticks = 0;
  for (let core = from; core <= to; core++) {
    const line = new RegExp(`^cpu${core} (.*)$`, "m").exec(stat)?.[1] ?? "";
    const columns = line.trim().split(" ").slice(0, COLUMNS).map(Number);
    ticks += columns.reduce((sum, value, column) => (IDLE.includes(column) ? sum : sum + value), 0);
  }
  return ticks * TICK_MS;
}
