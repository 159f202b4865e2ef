/** Counts the connections that this machine's kernel dropped before they were accepted. Linux only. */
import { readFileSync } from "node:fs";

/** `overflows`: a queue was full. `drops`: connections that were dropped for that or another reason. */
export type AcceptQueue = { overflows: number; drops: number };

const FILE = "/proc/net/netstat";

/** @returns counts since the machine started, of all its listeners. */
export const readAcceptQueue = (): AcceptQueue => acceptQueueIn(readFileSync(FILE, "utf8"));

/** @param netstat pairs of lines with the same beginning: one of names, one of values. */
export function acceptQueueIn(netstat: string): AcceptQueue {
  const [names = [], values = []] = netstat
    .split("\n")
    .filter((line) => line.startsWith("TcpExt:"))
    .map((line) => line.split(" "));
  const of = (name: string): number => {
    const value = Number(values[names.indexOf(name)]);
    if (Number.isNaN(value)) throw new Error(`${FILE} does not tell ${name}`);
    return value;
  };
  return { overflows: of("ListenOverflows"), drops: of("ListenDrops") };
}
