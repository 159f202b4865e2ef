/** The inner ports of a cluster: chosen once, below the range of outgoing connections, and recorded. */
import { createServer } from "node:net";
import { join } from "node:path";
import { readJson, writeJson } from "./json-file.ts";

const FIRST = 11_000;
const COUNT = 9_000;

export type Ports = {
  /** The port of a part, the same at every start unless someone else took it meanwhile. */
  of(name: string): Promise<number>;
};

export function createPorts(folder: string): Ports {
  const file = join(folder, "ports.json");
  const recorded = readJson<Record<string, number>>(file) ?? {};
  const given = new Map<string, number>();

  const choose = async (name: string): Promise<number> => {
    const before = recorded[name];
    if (before !== undefined && (await isFree(before))) return before;
    for (let tries = 0; tries < 1_000; tries++) {
      const port = FIRST + Math.floor(Math.random() * COUNT);
      if (Object.values(recorded).includes(port)) continue;
      // before the check, since parts ask at the same moment
      recorded[name] = port;
      if (await isFree(port)) return port;
    }
    throw new Error(`no free port between ${FIRST} and ${FIRST + COUNT}`);
  };

  return {
    async of(name) {
      const known = given.get(name);
      if (known !== undefined) return known;
      const port = await choose(name);
      given.set(name, port);
      writeJson(file, recorded);
      return port;
    },
  };
}

export const isFree = async (port: number, host = "127.0.0.1"): Promise<boolean> =>
  (await listenError(port, host)) === undefined;

/** Why nobody could listen there now: an error code such as EADDRINUSE, or undefined. */
export function listenError(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
