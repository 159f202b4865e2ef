import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { findJoined, joinFileOf, keepJoined, readJoinFile } from "./join-file.ts";
import { openSecrets } from "./secrets.ts";

let first: string;
let second: string;
let file: string;
beforeEach(() => {
  first = mkdtempSync(join(tmpdir(), "suda-first-"));
  second = mkdtempSync(join(tmpdir(), "suda-second-"));
  file = join(second, "suda.join");
});
afterEach(() => {
  for (const folder of [first, second]) rmSync(folder, { recursive: true, force: true });
});

const STORES = { redisUrl: "redis://:pw@stores:6379", databaseUrl: "postgres://suda:pw@stores/suda" };
function write(content: unknown, mode = 0o600): string {
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  chmodSync(file, mode);
  return file;
}

it("the file of the first machine makes the second sign with the same key, and is for its owner only", () => {
  const shown = joinFileOf(first, STORES);
  openSecrets(second);
  keepJoined(second, readJoinFile(write(shown)));
  expect(openSecrets(second).jwtKey).toEqual(openSecrets(first).jwtKey);
  expect(openSecrets(second).pushKey).toBe(openSecrets(first).pushKey);
  expect(openSecrets(second).redisPassword).not.toBe(openSecrets(first).redisPassword);
  expect(findJoined(second)).toEqual(shown);
  for (const name of ["joined.json", "secrets.json"])
    expect(statSync(join(second, name)).mode & 0o777).toBe(0o600);
});

it("a machine that joins by a file of an older release sends no notifications, because the first one has the key", () => {
  const { pushKey: _, ...older } = joinFileOf(first, STORES);
  keepJoined(second, readJoinFile(write(older)));
  expect(openSecrets(second).pushKey).toBe("");
});

it("a file that others may read, that is missing or that is something else is refused in a line without a secret", () => {
  const shown = joinFileOf(first, STORES);
  expect(() => readJoinFile(write(shown, 0o640))).toThrow(/others may read it: chmod 600 .*suda\.join$/);
  rmSync(file);
  expect(() => readJoinFile(file)).toThrow("no such file");
  for (const wrong of [
    "{",
    {},
    { ...shown, redisUrl: "http://pw" },
    { ...shown, jwtKey: { kid: "a", secret: "pw" } },
    { ...shown, pushKey: "pw" },
  ])
    expect(() => readJoinFile(write(wrong))).toThrow(/^\S+ is not what npm run secrets -- --show prints$/);
});

it("stores that only the first machine reaches cannot be joined, and a folder with its own data joins nothing", () => {
  expect(() => joinFileOf(first, { redisUrl: STORES.redisUrl })).toThrow("which only this machine reaches");
  mkdirSync(join(second, "postgres"));
  expect(() => keepJoined(second, joinFileOf(first, STORES))).toThrow("holds a cluster of its own");
  expect(existsSync(join(second, "joined.json"))).toBe(false);
});
