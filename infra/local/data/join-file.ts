/**
 * The file with which a second machine joins a cluster: the addresses of its stores and its signing keys. The first machine prints it
 * (`npm run secrets -- --show`), the second reads it from a file (`npm start -- --join FILE`) and keeps it in its data folder.
 */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { PUSH_SETTINGS } from "../../../shared/server/process/push-settings.ts";
import { databaseUrl, jwtKeys, redisUrl } from "../../../shared/server/process/setting-readers.ts";
import { Problem } from "../cli/problem.ts";
import { readJson, writeJson } from "./json-file.ts";
import { openSecrets, type SigningKeys, useSigningKeys } from "./secrets.ts";

export type JoinFile = { redisUrl: string; databaseUrl: string } & SigningKeys;

const READABLE_BY_OTHERS = 0o077;
const fileOf = (folder: string): string => join(folder, "joined.json");

/** @throws Problem when it is missing, others may read it, or it is not what `secrets -- --show` prints. */
export function readJoinFile(file: string): JoinFile {
  if (!existsSync(file)) throw new Problem(`${file}: no such file`);
  if (process.platform !== "win32" && (statSync(file).mode & READABLE_BY_OTHERS) !== 0)
    throw new Problem(`${file} holds secrets, and others may read it: chmod 600 ${file}`);
  try {
    const read = readJson<JoinFile>(file);
    const [jwtKey] = jwtKeys(`${read?.jwtKey.kid}:${read?.jwtKey.secret}`);
    if (!read || !jwtKey) throw new Error("no key");
    const keys =
      read.pushKey === undefined ? { jwtKey } : { jwtKey, pushKey: PUSH_SETTINGS.pushKey.read(read.pushKey) };
    return { redisUrl: redisUrl(read.redisUrl), databaseUrl: databaseUrl(read.databaseUrl), ...keys };
  } catch {
    throw new Problem(`${file} is not what npm run secrets -- --show prints`);
  }
}

/** The file that a data folder keeps since it joined. */
export function findJoined(folder: string): JoinFile | undefined {
  return readJson<JoinFile>(fileOf(folder));
}

/**
 * Keeps what was joined, with the signing key in place of one of the folder's own.
 * @throws Problem when the folder holds the data of a cluster of its own.
 */
export function keepJoined(folder: string, joined: JoinFile): void {
  if (["postgres", "redis"].some((store) => existsSync(join(folder, store))))
    throw new Problem(`${folder} holds a cluster of its own: choose another folder with --data`);
  useSigningKeys(folder, joined);
  writeJson(fileOf(folder), joined);
}

/**
 * @param given the addresses of stores that all machines reach; none: this machine has its own.
 * @throws Problem when other machines cannot reach the stores.
 */
export function joinFileOf(
  folder: string,
  given: { [K in "redisUrl" | "databaseUrl"]?: string | undefined },
): JoinFile {
  if (!given.redisUrl || !given.databaseUrl)
    throw new Problem(
      "This cluster has a Redis or a PostgreSQL of its own, which only this machine reaches: start it with REDIS_URL and DATABASE_URL of servers that all machines reach",
    );
  const { redisUrl, databaseUrl } = given;
  const { jwtKey, pushKey } = openSecrets(folder);
  return { redisUrl, databaseUrl, jwtKey, ...(pushKey === "" ? {} : { pushKey }) };
}
