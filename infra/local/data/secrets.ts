import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readJson, writeJson } from "./json-file.ts";

/** `…Password` alone is the operator's; gateways and worker have passwords of their own, for roles with fewer rights. */
export type Secrets = {
  jwtKey: { kid: string; secret: string };
  /** The private key by which push services know the cluster. */
  pushKey: string;
  redisPassword: string;
  redisGatewayPassword: string;
  redisWorkerPassword: string;
  postgresPassword: string;
  postgresGatewayPassword: string;
  postgresWorkerPassword: string;
  kafkaPassword: string;
  /** As in SUDA_KAFKA_COMMAND_KEYS. */
  kafkaCommandKeys: string;
};

export type SigningKeys = Pick<Secrets, "jwtKey"> & Partial<Pick<Secrets, "pushKey">>;

const fileOf = (folder: string): string => join(folder, "secrets.json");
const random = (): string => randomBytes(32).toString("hex");

/** The signing key of a folder that has one. */
export const findSigningKey = (folder: string): Secrets["jwtKey"] | undefined =>
  readJson<Partial<Secrets>>(fileOf(folder))?.jwtKey;

/** Makes the folder sign with these keys, as the machine that it joins. Without a `pushKey` that machine alone sends notifications. */
export function useSigningKeys(folder: string, { jwtKey, pushKey = "" }: SigningKeys): void {
  writeJson(fileOf(folder), { ...openSecrets(folder), jwtKey, pushKey });
}

/**
 * The secrets of a data folder, generated at first use and readable by its owner only. A folder of an earlier release
 * keeps those that it has and gets the missing ones.
 */
export function openSecrets(folder: string): Secrets {
  const known = readJson<Partial<Secrets>>(fileOf(folder)) ?? {};
  const fresh: Secrets = {
    jwtKey: { kid: randomBytes(4).toString("hex"), secret: random() },
    // A machine that joined another one before there was this key has none.
    pushKey: existsSync(join(folder, "joined.json")) ? "" : random(),
    redisPassword: random(),
    redisGatewayPassword: random(),
    redisWorkerPassword: random(),
    postgresPassword: random(),
    postgresGatewayPassword: random(),
    postgresWorkerPassword: random(),
    kafkaPassword: random(),
    kafkaCommandKeys: `bot:user:${random()}`,
  };
  const secrets = { ...fresh, ...known };
  if (Object.keys(fresh).some((name) => !Object.hasOwn(known, name))) writeJson(fileOf(folder), secrets);
  return secrets;
}
