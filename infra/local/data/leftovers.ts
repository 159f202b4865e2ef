/** Which processes belong to a data folder, written down at each start of one, so that the next runner can end what remained. */
import { join } from "node:path";
import { until } from "../cli/until.ts";
import { readJson, writeJson } from "./json-file.ts";
import { type Identity, identify, isAlive } from "./process-identity.ts";

export type Recorder = { add(name: string, pid: number): void; remove(name: string): void };

const fileOf = (folder: string): string => join(folder, "processes.json");

export function createRecorder(folder: string): Recorder {
  const known: Record<string, Identity> = {};
  const write = (): void => writeJson(fileOf(folder), known);
  write();
  return {
    add(name, pid) {
      const identity = identify(pid);
      if (identity) known[name] = identity;
      write();
    },
    remove(name) {
      delete known[name];
      write();
    },
  };
}

/** Ends what an earlier runner of this folder left behind. PostgreSQL and Redis get the time to close their files. */
export async function endLeftovers(folder: string): Promise<string[]> {
  const known = readJson<Record<string, Identity>>(fileOf(folder)) ?? {};
  const left = Object.entries(known).filter(([, identity]) => isAlive(identity));
  await Promise.all(left.map(([name, identity]) => end(name, identity)));
  return left.map(([name]) => name);
}

async function end(name: string, identity: Identity): Promise<void> {
  const gentle = { postgres: "SIGINT", redis: "SIGTERM" }[name];
  send(identity, gentle ?? "SIGKILL");
  try {
    await until(`${name} ends`, () => !isAlive(identity), { withinMs: 8_000 });
  } catch {
    send(identity, "SIGKILL");
    await until(`${name} ends`, () => !isAlive(identity), { withinMs: 5_000 });
  }
}

function send({ pid }: Identity, signal: string): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
