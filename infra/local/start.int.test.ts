/** `npm start` and `npm run doctor` on given stores that are wrong: their lines, how soon they come, and a data folder that is not made. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort } from "../../load-tests/support/free-port.ts";
import { createDatabase, type TestDatabase } from "../../test/support/postgres.ts";
import { startRedis, type TestRedis } from "../../test/support/redis.ts";
import { childEnvironment } from "./cli/environment.ts";

const SECRET = "s3cret-that-nobody-prints";
const folder = mkdtempSync(join(tmpdir(), "suda-start-"));
let redis: TestRedis;
let replica: TestRedis;
let database: TestDatabase;
let closed: number;
beforeAll(async () => {
  [redis, replica, database, closed] = await Promise.all([
    startRedis({ password: SECRET, extra: { appendonly: "no" } }),
    startRedis({ password: SECRET, extra: { replicaof: "127.0.0.1 1" } }),
    createDatabase(),
    freePort(),
  ]);
});
afterAll(async () => {
  await Promise.all([redis.stop(), replica.stop(), database.drop()]);
  rmSync(folder, { recursive: true, force: true });
});

function run(script: string, settings: Record<string, string>, ...args: string[]) {
  const data = join(folder, "data");
  const since = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, script), "--data", data, ...args],
    { encoding: "utf8", env: childEnvironment({ DATABASE_URL: database.url, ...settings }), timeout: 20_000 },
  );
  const said = `${stdout}${stderr}`;
  expect(said).not.toContain(SECRET);
  return { status, said, stdout, made: existsSync(data), tookMs: performance.now() - since };
}
const lines = (said: string): string[] => said.trimEnd().split("\n");

it("a start on a wrong password, or on a replica, ends at once with a line", () => {
  const wrong = run("main.ts", { REDIS_URL: redis.url.replace(SECRET, `${SECRET}x`) });
  expect(wrong).toMatchObject({ status: 1, made: false });
  expect(wrong.said).toMatch(
    /^Redis at 127.0.0.1:\d+: WRONGPASS .*: correct the user and the password in REDIS_URL$/m,
  );
  const copy = run("main.ts", { REDIS_URL: replica.url }, "--wait", "0");
  expect(copy).toMatchObject({ status: 1, made: false });
  expect(copy.said).toMatch(/is a read-only replica of 127.0.0.1:1: point REDIS_URL to 127.0.0.1:1$/m);
});

it("a start waits for a store that is away, says so at once, and ends after --wait", () => {
  const { status, said, made, tookMs } = run(
    "main.ts",
    { REDIS_URL: `redis://127.0.0.1:${closed}` },
    "--wait",
    "2",
  );
  expect({ status, made }).toEqual({ status: 1, made: false });
  expect(tookMs).toBeLessThan(8_000);
  const about = lines(said).filter((line) => line.includes("Redis at"));
  expect(about).toEqual([
    `waiting for Redis at 127.0.0.1:${closed}: connection refused`,
    `Redis at 127.0.0.1:${closed}: connection refused: start it, or correct REDIS_URL`,
  ]);
});

it("a promise that is off is a warning, and with SUDA_STRICT refuses; more gateways than connections too", () => {
  const { status, said, made } = run("main.ts", { REDIS_URL: redis.url, SUDA_STRICT: "on" });
  expect({ status, made }).toEqual({ status: 1, made: false });
  expect(said).toMatch(/keeps no append-only file.*\(no loss is off\): redis-cli CONFIG SET appendonly yes/);
  const many = run("main.ts", { REDIS_URL: redis.url, SUDA_STRICT: "on" }, "--gateways", "64");
  expect(many.said).toMatch(
    /Warning: PostgreSQL at .* allows 197 connections, 64 gateways and a worker need 646: /,
  );
});

it("doctor has a line for everything it looked at, and all of it as JSON", () => {
  const { status, said } = run("doctor.ts", { REDIS_URL: replica.url });
  expect(status).toBe(1);
  expect(said).toMatch(/^refuses {2}Redis at .* is a read-only replica/m);
  expect(said).toMatch(/^fine {5}Node 22/m);
  const { stdout } = run("doctor.ts", { REDIS_URL: redis.url }, "--json");
  const { findings } = JSON.parse(stdout) as {
    findings: { kind: string; about: string; promise?: string }[];
  };
  expect(findings).toContainEqual(
    expect.objectContaining({ kind: "warns", about: "Redis append-only file", promise: "no loss is off" }),
  );
  expect(lines(run("doctor.ts", { REDIS_URL: "http://x" }).said)).toContainEqual(
    "refuses  REDIS_URL: expected redis://user:password@host:port",
  );
});
