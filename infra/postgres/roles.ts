/** The roles of gateways and worker in PostgreSQL; compose fills in the same file. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const template = readFileSync(join(import.meta.dirname, "roles.sql.template"), "utf8");

export const ROLES = { gateway: "suda_gateway", worker: "suda_worker" } as const;

/**
 * @returns statements that create the roles or set these passwords, for a superuser in the database `suda`.
 * @throws RangeError for a password that is not letters and digits, because nothing is escaped.
 */
export function renderRoles(passwords: Record<keyof typeof ROLES, string>): string {
  return template.replaceAll(/\{\{(gateway|worker)\}\}/g, (_, name: keyof typeof ROLES) => {
    if (!/^[A-Za-z0-9]+$/.test(passwords[name])) throw new RangeError("passwords are letters and digits");
    return passwords[name];
  });
}
