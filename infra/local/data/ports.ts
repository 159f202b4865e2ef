/**
 * The internal ports of a cluster: below the range of outgoing connections, recorded, and kept unless another program
 * takes one while its process is down.
 */
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { StartOptions } from "../cli/options.ts";
import { readJson, writeJson } from "./json-file.ts";

const FIRST = 11_000;
const COUNT = 9_000;

/** The port of a process that has just ended may stay taken for a moment. */
const RELEASE_MS = 1_000;

export type Ports = {
  /** The port of a process as of its last start; 0 before the first. */
  of(name: string): number;
  /** The port for a process that is about to start: its previous port, or another one if that is taken now. */
  take(name: string): Promise<number>;
};

/** @param publicPort never given out. @param onMoved called when a process that had a port in this run gets another one. */
export function createPorts(folder: string, publicPort: number, onMoved: (name: string) => void): Ports {
  const file = join(folder, "ports.json");
  const recorded = new Map(Object.entries(readJson<Record<string, number>>(file) ?? {}));
  const taken = new Map<string, number>();

  return {
    of: (name) => taken.get(name) ?? 0,
    async take(name) {
      const before = taken.get(name);
      const port = await choose(name);
      taken.set(name, port);
      writeJson(file, Object.fromEntries(recorded));
      if (before !== undefined && before !== port) onMoved(name);
      return port;
    },
  };

  async function choose(name: string): Promise<number> {
    const before = recorded.get(name);
    if (before !== undefined && before !== publicPort && (await isFreeSoon(before))) return before;
    for (let tries = 0; tries < 1_000; tries++) {
      const port = FIRST + Math.floor(Math.random() * COUNT);
      if (port === publicPort || [...recorded.values()].includes(port)) continue;
      // Recorded before the check, because processes ask at the same moment.
      recorded.set(name, port);
      if (await isFree(port)) return port;
    }
    throw new Error(`no free port between ${FIRST} and ${FIRST + COUNT}`);
  }
}

async function isFreeSoon(port: number): Promise<boolean> {
  for (const deadline = performance.now() + RELEASE_MS; ; await delay(50)) {
    if (await isFree(port)) return true;
    if (performance.now() > deadline) return false;
  }
}

const isFree = async (port: number, host = "127.0.0.1"): Promise<boolean> =>
  (await listenError(port, host)) === undefined;

/** @returns the error code of an attempt to listen there, such as EADDRINUSE; undefined if it succeeds. */
export function listenError(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/** @returns the port of HTTP beside that of TLS, if it is to be had, and the folder that an ACME client may write to. */
export async function plainPort({ host, port, data }: Pick<StartOptions, "host" | "port" | "data">) {
  const isUsual = port === 443 && (await listenError(80, host)) === undefined;
  return isUsual ? { port: 80, acme: join(data, "acme") } : undefined;
}
