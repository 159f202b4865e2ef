/** `runner.json` names the runner of a data folder and how to reach it; it is the folder's lock as long as its writer lives. */
import { linkSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../cli/problem.ts";
import { readJson, writeJson } from "./json-file.ts";
import { type Identity, identify, isAlive } from "./process-identity.ts";

/** Addresses of the stores, credentials included. */
export type Backends = {
  redisUrl: string;
  databaseUrl: string;
  keyPrefix: string;
  /** Of the cluster's own Kafka, if it has one. */
  kafka?: KafkaAddress;
};
/**
 * `brokers` as in SUDA_KAFKA_BROKERS, `commandKeys` as in SUDA_KAFKA_COMMAND_KEYS. Without TLS, on loopback; the log-in is SASL PLAIN.
 */
export type KafkaAddress = { brokers: string; user: string; password: string; commandKeys: string };
export type Runner = Identity & {
  url: string;
  control?: { port: number; token: string };
  /** Addresses of the stores that are not its own. */
  given?: Partial<Pick<Backends, "redisUrl" | "databaseUrl">>;
  /** A runner of an earlier release does not record the number of shards. */
  backends?: Backends & { shards?: number };
};

const fileOf = (folder: string): string => join(folder, "runner.json");

/**
 * Takes the folder for this process.
 * @throws Problem naming where the cluster of this folder already runs.
 */
export function lockFolder(folder: string, url: string): Runner {
  const self = identify(process.pid);
  if (!self) throw new Error("this process cannot be found in the process table");
  const runner: Runner = { ...self, url };
  const draft = join(folder, `runner.${process.pid}.json`);
  writeJson(draft, runner);
  try {
    for (let tries = 0; tries < 10; tries++) {
      if (linked(draft, fileOf(folder))) return runner;
      const other = readRunner(folder);
      if (other)
        throw new Problem(`The cluster of ${folder} already runs at ${other.url} (pid ${other.pid})`);
      rmSync(fileOf(folder), { force: true });
    }
  } finally {
    rmSync(draft, { force: true });
  }
  throw new Problem(`${folder} is being started by several processes at once`);
}

export function updateRunner(folder: string, runner: Runner): void {
  writeJson(fileOf(folder), runner);
}

export function unlockFolder(folder: string): void {
  rmSync(fileOf(folder), { force: true });
}

/** The living runner of a folder. */
export function readRunner(folder: string): Runner | undefined {
  const runner = readJson<Runner>(fileOf(folder));
  return runner && isAlive(runner) ? runner : undefined;
}

/** Linking is atomic: the file appears with its whole content, and only if there was none. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
