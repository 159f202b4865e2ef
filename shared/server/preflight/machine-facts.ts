/** Reads the limits of this machine and container. */
import { readFileSync, statfsSync } from "node:fs";

/** `undefined`: this system does not tell. */
export type MachineFacts = {
  openFiles?: number | undefined;
  /** Memory that the container allows, bytes. */
  memory?: number | undefined;
  somaxconn?: number | undefined;
  /** Number of ports for connections that this machine opens. */
  ports?: number | undefined;
  /** Free bytes of the disk with the data folder. */
  disk?: number | undefined;
};

/** @param folder on the disk of the data; any folder above it if it does not exist yet. Without it no disk is looked at. */
export function readMachine(folder?: string): MachineFacts {
  const [low, high] = numbersOf("/proc/sys/net/ipv4/ip_local_port_range");
  const memory = numbersOf("/sys/fs/cgroup/memory.max")[0];
  const [somaxconn] = numbersOf("/proc/sys/net/core/somaxconn");
  const limits = textOf("/proc/self/limits");
  return {
    openFiles: Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.NaN) || undefined,
    memory,
    somaxconn,
    ports: low !== undefined && high !== undefined ? high - low + 1 : undefined,
    disk: folder === undefined ? undefined : readDisk(folder),
  };
}

/** Free bytes of the disk with this folder, or with the nearest one above it that exists. */
export function readDisk(folder: string): number | undefined {
  for (let at = folder; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/")))) {
    try {
      const { bavail, bsize } = statfsSync(at || "/");
      return bavail * bsize;
    } catch {
      if (at === "") return undefined;
    }
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

const numbersOf = (file: string): number[] => (textOf(file).match(/\d+/g) ?? []).map(Number);
