/** Machines of other people, each wrong in its way: the lines that say so, how soon they come, and the exit code. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort } from "../load-tests/support/free-port.ts";
import { createDatabase, type TestDatabase } from "./support/postgres.ts";
import { startRedis, type TestRedis } from "./support/redis.ts";
import { runOnce, SECRET } from "./support/single-run.ts";

const START = "infra/local/main.ts";
const DOCTOR = "infra/local/doctor.ts";
const folder = mkdtempSync(join(tmpdir(), "suda-machines-"));
const at = (name: string): string => join(folder, name);
let redis: TestRedis;
let replica: TestRedis;
let renamed: TestRedis;
let database: TestDatabase;
let closed = 0;
beforeAll(async () => {
  writeFileSync(at("a file"), "mine");
  [redis, replica, renamed, database, closed] = await Promise.all([
    startRedis({ password: SECRET, extra: { appendonly: "no" } }),
    startRedis({ password: SECRET, extra: { replicaof: "127.0.0.1 1" } }),
    startRedis({ password: SECRET, extra: { "rename-command": 'CONFIG ""\nrename-command KEYS ""' } }),
    createDatabase(),
    freePort(),
  ]);
});
afterAll(async () => {
  await Promise.all([redis.stop(), replica.stop(), renamed.stop(), database.drop()]);
  rmSync(folder, { recursive: true, force: true });
});

const changed = (url: string, parts: Partial<Record<"username" | "password" | "pathname", string>>) =>
  Object.assign(new URL(url), parts).href;
const wrongPassword = (): string => changed(redis.url, { password: `${SECRET}x` });
const noDatabase = (): string => changed(database.url, { pathname: "/nothing" });

type Machine = {
  script?: string;
  /** In place of stores that are right but for an append-only file. */
  settings?: () => Record<string, string>;
  args?: () => string[];
  files?: number;
  code?: number;
  lines: RegExp[];
};
const MACHINES: [string, Machine][] = [
  [
    "a wrong password of Redis, and few files",
    {
      settings: () => ({ REDIS_URL: wrongPassword() }),
      files: 256,
      lines: [
        /^Redis at 127.0.0.1:\d+: WRONGPASS .*: correct the user and the password in REDIS_URL$/,
        /^Warning: .*may open 256 files/,
      ],
    },
  ],
  [
    "a read-only replica",
    {
      settings: () => ({ REDIS_URL: replica.url }),
      args: () => ["--wait", "0"],
      lines: [/is a read-only replica of 127.0.0.1:1: point REDIS_URL to 127.0.0.1:1$/],
    },
  ],
  [
    "a Redis that is away",
    {
      settings: () => ({ REDIS_URL: `redis://:${SECRET}@127.0.0.1:${closed}` }),
      args: () => ["--wait", "1"],
      lines: [
        /^waiting for Redis at 127.0.0.1:\d+: connection refused$/,
        /^Redis at 127.0.0.1:\d+: connection refused: start it, or correct REDIS_URL$/,
      ],
    },
  ],
  [
    "a wrong password of PostgreSQL",
    {
      settings: () => ({ DATABASE_URL: changed(database.url, { username: "nobody", password: SECRET }) }),
      lines: [/password authentication failed for user "nobody": correct .* password in DATABASE_URL$/],
    },
  ],
  [
    "a promise that is off where all are wanted, and more gateways than connections",
    {
      settings: () => ({ SUDA_STRICT: "on" }),
      args: () => ["--gateways", "64"],
      lines: [
        /keeps no append-only file.*\(no loss is off\): redis-cli CONFIG SET appendonly yes/,
        /^Warning: PostgreSQL at .* allows 197 connections, 64 gateways and a worker need 646: /,
      ],
    },
  ],
  [
    "a port that none can be",
    { args: () => ["--port", "65536"], lines: [/^--port: a whole number from 1 to 65535$/] },
  ],
  [
    "a file where the folder should be",
    { args: () => ["--data", at("a file")], lines: [/a file: a part of the path is not a folder$/] },
  ],
  [
    "Redis without CONFIG and KEYS, with another number, and few files for the doctor",
    {
      script: DOCTOR,
      settings: () => ({ REDIS_URL: `${renamed.url}/3` }),
      files: 256,
      code: 0,
      lines: [/^fine {5}Redis at 127.0.0.1:\d+ takes writes$/, /^warns {4}.*may open 256 files/],
    },
  ],
  [
    "a gateway with a wrong password",
    {
      script: "gateway/main.ts",
      settings: () => ({ REDIS_URL: wrongPassword(), SUDA_JWT_KEYS: `k:${SECRET}-and-more-letters` }),
      code: 78,
      lines: [/"reason":"Redis at 127.0.0.1:\d+: WRONGPASS .*"msg":"refused"/],
    },
  ],
  [
    "a worker without its database",
    {
      script: "worker/main.ts",
      settings: () => ({ DATABASE_URL: noDatabase() }),
      code: 78,
      lines: [/"reason":"PostgreSQL at .*database \\"nothing\\" does not exist.*"msg":"refused"/],
    },
  ],
];

/** A bound for a busy machine; each took 31 to 34 s once. */
const SOON_MS = 10_000;

/** A run on these stores, which does not become a cluster. */
async function meet({ settings, args, script = START, files }: Omit<Machine, "lines">) {
  const stores = { REDIS_URL: redis.url, DATABASE_URL: database.url };
  const own = script.startsWith("infra/") ? ["--data", at("data"), ...(args?.() ?? [])] : [];
  const run = await runOnce(script, { ...stores, ...settings?.() }, own, files);
  expect(run.tookMs).toBeLessThan(SOON_MS);
  expect(existsSync(at("data"))).toBe(false);
  return run;
}

it.each(MACHINES)("%s: told in a line, soon, without a secret or a stack", async (_, machine) => {
  const { code, lines } = await meet(machine);
  for (const line of machine.lines)
    expect(lines.filter((each) => line.test(each))).toEqual([expect.anything()]);
  expect(code).toBe(machine.code ?? 1);
});

type Wrong = { settings: () => Record<string, string>; line: RegExp };
const WRONG: Wrong[] = [
  { settings: () => ({ REDIS_URL: wrongPassword() }), line: /^Redis at .*WRONGPASS/ },
  { settings: () => ({ DATABASE_URL: noDatabase() }), line: /^PostgreSQL at .*database "nothing" does not/ },
  { settings: () => ({ SUDA_SHARDS: "0" }), line: /^ {2}SUDA_SHARDS: expected a whole number/ },
  { settings: () => ({ SUDA_SHARD: "4" }), line: /^ {2}SUDA_SHARD: .*did you mean SUDA_SHARDS\?$/ },
  { settings: () => ({ SUDA_TRUST_PROXY: "0.0.0.0/0" }), line: /^ {2}SUDA_TRUST_PROXY: expected/ },
  { settings: () => ({ SUDA_TLS_CERT: at("chat.crt") }), line: /^ {2}SUDA_TLS_CERT: expected together/ },
  { settings: () => ({ SUDA_JWT_KEYS: `k:${SECRET}`.slice(0, 30) }), line: /^ {2}SUDA_JWT_KEYS: expected/ },
  { settings: () => ({ SUDA_ORIGINS_FILE: at("nothing") }), line: /^ {2}SUDA_ORIGINS_FILE: / },
  { settings: () => ({ SUDA_PUBLIC_URL: "https://a.example/api" }), line: /^ {2}SUDA_PUBLIC_URL: expected/ },
];

it("any of them at once are answered by all of their lines, in one go", async () => {
  await fc.assert(
    fc.asyncProperty(fc.subarray(WRONG, { minLength: 2 }), async (wrong) => {
      const { code, lines } = await meet({
        settings: () => Object.assign({}, ...wrong.map(({ settings }) => settings())),
      });
      expect(code).toBe(1);
      for (const { line } of wrong) expect(lines.filter((each) => line.test(each))).toHaveLength(1);
      const head = lines.filter((line) => line === "The settings are wrong:" || line.startsWith("Warning: "));
      expect(lines).toHaveLength(wrong.length + head.length);
    }),
    { numRuns: 4, examples: [[WRONG]] },
  );
});

it("doctor has a line for everything it looked at, and all of it as JSON", async () => {
  const { code, lines } = await meet({ script: DOCTOR, settings: () => ({ REDIS_URL: replica.url }) });
  expect(code).toBe(1);
  expect(lines).toContainEqual(expect.stringMatching(/^refuses {2}Redis at .* is a read-only replica/));
  expect(lines).toContainEqual(expect.stringMatching(/^fine {5}Node 22/));
  const wrong = { REDIS_URL: `http://:${SECRET}@x`, DATABASE_URL: noDatabase() };
  const json = await meet({ script: DOCTOR, settings: () => wrong, args: () => ["--json"] });
  const { findings } = JSON.parse(json.lines.join("")) as { findings: { kind: string; says: string }[] };
  expect(findings.filter(({ kind }) => kind === "refuses").map(({ says }) => says)).toEqual([
    "REDIS_URL: expected redis://user:password@host:port",
    expect.stringContaining('database "nothing" does not exist'),
  ]);
});
