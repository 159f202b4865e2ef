/** Records the processes of a data folder, so that the next runner can end those that outlived their runner. */
import { join } from "node:path";
import { until } from "../../../shared/until.ts";
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

/** The pids of the processes that the runner of this folder has started and not ended, and of those of a dead one. */
export const recordedPids = (folder: string): number[] =>
  Object.values(readJson<Record<string, Identity>>(fileOf(folder)) ?? {}).map(({ pid }) => pid);

/** Ends the processes of a dead runner of this folder; PostgreSQL and Redis get time to close their files. @returns their names. */
export async function endOrphans(folder: string): Promise<string[]> {
  const known = readJson<Record<string, Identity>>(fileOf(folder)) ?? {};
  const orphans = Object.entries(known).filter(([, identity]) => isAlive(identity));
  await Promise.all(orphans.map(([name, identity]) => end(name, identity)));
  return orphans.map(([name]) => name);
}

async function end(name: string, identity: Identity): Promise<void> {
  const gentle = { postgres: "SIGINT", redis: "SIGTERM", kafka: "SIGTERM" }[name];
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
