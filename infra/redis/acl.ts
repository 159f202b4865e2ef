/**
 * The rights in Redis. Gateways and worker get the commands that they and their scripts use, on the keys and channels
 * of this cluster only; the default user is for the operator. The template allows no comments, and compose uses the
 * same one.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const template = readFileSync(join(import.meta.dirname, "users.acl.template"), "utf8");

export type RedisUsers = { prefix: string; operator: string; gateway: string; worker: string };

/** @returns the content of Redis' `aclfile`. Takes plain passwords and writes their hashes. */
export function renderAcl({ prefix, ...passwords }: RedisUsers): string {
  const hashed = Object.entries(passwords).map(([user, password]) => [
    user,
    `#${createHash("sha256").update(password).digest("hex")}`,
  ]);
  const values: Record<string, string> = { prefix, ...Object.fromEntries(hashed) };
  return template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? "");
}
