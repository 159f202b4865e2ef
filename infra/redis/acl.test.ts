/**
 * Redis aborts a script in the middle if its user lacks a command, so all scripts are compared with their user's
 * rights.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { renderAcl } from "./acl.ts";

const LUA = join(import.meta.dirname, "../../shared/server/redis/lua");
const scripts = readdirSync(LUA).filter((file) => file.endsWith(".lua"));
/** The scripts that the worker runs. */
const WORKERS = [
  "commit.lua",
  "control-append.lua",
  "drop.lua",
  "expire.lua",
  "find-idle.lua",
  "head.lua",
  "leave.lua",
  "read.lua",
  "seal.lua",
  "settle-reads.lua",
];

const allowed = (user: string): Set<string> => {
  const acl = renderAcl({ prefix: "suda", operator: "o", gateway: "g", worker: "w" });
  const line = acl.split("\n").find((each) => each.startsWith(`user ${user} `)) ?? "";
  return new Set([...line.matchAll(/\+(\S+)/g)].map(([, command = ""]) => command));
};
const withIncludes = (file: string): string =>
  readFileSync(join(LUA, file), "utf8").replace(/^ *-- include: ([a-z-]+)$/gm, (_, name: string) =>
    withIncludes(`include/${name}.lua`),
  );
/** @returns the first arguments of all calls, also where an expression chooses between two commands. */
const commandsOf = (file: string): string[] =>
  [...withIncludes(file).matchAll(/redis\.p?call\(([^,)]*)/g)].flatMap(([, first = ""]) =>
    [...first.matchAll(/'([A-Z]+)'/g)].map(([, command = ""]) => command.toLowerCase()),
  );

test.each([
  ["gateway", scripts],
  ["worker", WORKERS],
])("the user %s may do what each of its scripts does", (user, files) => {
  const may = allowed(user);
  const lacking = files.map((file) => [file, commandsOf(file).filter((command) => !may.has(command))]);
  expect(lacking).toEqual(files.map((file) => [file, []]));
  expect(files.every((file) => commandsOf(file).length > 0)).toBe(true);
});
