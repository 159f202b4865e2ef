import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openDataFolder } from "./data-folder.ts";
import { identify } from "./process-identity.ts";
import { readRunner, unlockFolder } from "./runner-file.ts";

const URL = "http://127.0.0.1:8080";
let parent: string;
let data: string;
let said: string[];

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "suda-folder-"));
  data = join(parent, "a/b");
  said = [];
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const open = (fresh = false) => openDataFolder({ data, fresh }, URL, (line) => said.push(line));

it("a new folder is made, for its owner only, and taken", async () => {
  const runner = await open();
  expect(statSync(data).mode & 0o777).toBe(0o700);
  expect(runner).toMatchObject({ pid: process.pid, url: URL });
  expect(readRunner(data)).toMatchObject({ pid: process.pid, url: URL });
});

it("a folder that is taken names its runner; once left it can be taken again", async () => {
  await open();
  await expect(open()).rejects.toThrow(`already runs at ${URL} (pid ${process.pid})`);
  unlockFolder(data);
  await expect(open()).resolves.toMatchObject({ url: URL });
});

it("the lock of a runner that died is no lock, even if another process has its pid now", async () => {
  await open();
  writeFileSync(
    join(data, "runner.json"),
    JSON.stringify({ pid: process.pid, start: "1", url: "http://old" }),
  );
  await expect(open()).resolves.toMatchObject({ url: URL });
});

it("fresh wipes what a cluster kept, and keeps what is not Suda's", async () => {
  await open();
  unlockFolder(data);
  mkdirSync(join(data, "redis"));
  writeFileSync(join(data, "redis/appendonly"), "x");
  await open(true);
  expect(existsSync(join(data, "redis"))).toBe(false);

  const strange = join(parent, "strange");
  mkdirSync(strange);
  writeFileSync(join(strange, "thesis.txt"), "mine");
  const attempt = openDataFolder({ data: strange, fresh: true }, URL, () => undefined);
  await expect(attempt).rejects.toThrow("no mark of Suda");
  expect(existsSync(join(strange, "thesis.txt"))).toBe(true);
});

it("the orphans of a dead runner are ended, but never another process that has the pid of one", async () => {
  const left = spawn("sleep", ["600"], { stdio: "ignore" });
  const stranger = spawn("sleep", ["600"], { stdio: "ignore" });
  await Promise.all([once(left, "spawn"), once(stranger, "spawn")]);
  const leftEnded = once(left, "exit");
  mkdirSync(data, { recursive: true });
  const known = { "gateway-1": identify(Number(left.pid)), worker: { pid: stranger.pid, start: "1" } };
  writeFileSync(join(data, "processes.json"), JSON.stringify(known));
  writeFileSync(join(data, "suda.json"), "{}");

  await open();
  await leftEnded;
  expect(said).toEqual(["Ended what an earlier run left: gateway-1"]);
  expect(identify(Number(stranger.pid))).toBeDefined();
  stranger.kill();
});
