import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { readJson, writeJson } from "./json-file.ts";

export type Secrets = {
  jwtKey: { kid: string; secret: string };
  redisPassword: string;
  postgresPassword: string;
};

const fileOf = (folder: string): string => join(folder, "secrets.json");
const random = (): string => randomBytes(32).toString("hex");

/** The secrets of a data folder, made at first use and readable by its owner only. */
export function openSecrets(folder: string): Secrets {
  const known = readJson<Secrets>(fileOf(folder));
  if (known) return known;
  const secrets: Secrets = {
    jwtKey: { kid: randomBytes(4).toString("hex"), secret: random() },
    redisPassword: random(),
    postgresPassword: random(),
  };
  writeJson(fileOf(folder), secrets);
  return secrets;
}
