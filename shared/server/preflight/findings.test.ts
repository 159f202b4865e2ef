/** Findings that no server of a test can be made to have: versions, clocks, and the limits of machines. */
import { expect, it } from "vitest";
import { NO_OTHERS } from "../membership/others.ts";
import { lineOfFinding } from "./finding.ts";
import { machineFindings } from "./machine.ts";
import { postgresFindings } from "./postgres-findings.ts";
import type { RedisFacts } from "./redis-facts.ts";
import { redisFindings } from "./redis-findings.ts";
import type { PostgresFacts } from "./server-queries.ts";
import { describeStore, withoutPassword } from "./store-address.ts";

const REDIS: RedisFacts = {
  server: "Redis",
  version: "7.0.15",
  role: "master",
  primary: ":",
  loading: false,
  policy: "noeviction",
  appendOnly: true,
  writesFile: true,
  usedMemory: 1,
  maxMemory: 0,
  maxClients: 10_000,
  clockAheadMs: 0,
};
const NOW = 1_000_000;
const POSTGRES: PostgresFacts = {
  versionNumber: 180_000,
  version: "18.0",
  inRecovery: false,
  primary: "",
  readOnly: false,
  role: "suda",
  database: "suda",
  schema: "public",
  mayCreate: true,
  foreignOwner: "",
  allowed: 97,
  encoding: "UTF8",
  fsync: true,
  commitsSurely: true,
  now: NOW,
};
const NEEDS = { migrates: true, gateways: 8 };

const ofRedis = (facts: Partial<RedisFacts>) => redisFindings({ ...REDIS, ...facts }, "Redis at r:1", 8);
const ofPostgres = (facts: Partial<PostgresFacts>, others = NO_OTHERS) =>
  postgresFindings({ ...POSTGRES, ...facts }, "PostgreSQL at p:2", NEEDS, NOW, others);
const notFine = (findings: ReturnType<typeof ofRedis>): string[] =>
  findings.filter(({ kind }) => kind !== "fine").map((each) => `${each.kind}: ${lineOfFinding(each)}`);

it("stores as they should be have no finding but fine ones", () => {
  expect(notFine(ofRedis({}))).toEqual([]);
  expect(notFine(ofPostgres({}))).toEqual([]);
});

it.each<[Partial<RedisFacts>, RegExp]>([
  [{ version: "6.2.7" }, /^refuses: Redis at r:1 is Redis 6\.2\.7: Suda needs Redis 7\.0 or Valkey 7\.2/],
  [{ loading: true }, /^refuses: Redis at r:1 loads its file: wait$/],
  [{ writesFile: false }, /^warns: .* cannot write its append-only file .*: make room on its disk$/],
  [{ clockAheadMs: 2_600 }, /^warns: the clock of Redis at r:1 is 2\.6 s ahead: run an NTP client/],
])("Redis with %o", (facts, line) => {
  expect(notFine(ofRedis(facts))).toEqual([expect.stringMatching(line)]);
});

it.each<[Partial<PostgresFacts>, RegExp]>([
  [
    { versionNumber: 140_011, version: "14.11" },
    /^refuses: .* is PostgreSQL 14\.11: Suda needs 15 or later$/,
  ],
  [
    { inRecovery: true, primary: "p1:5432" },
    /^refuses: .* read-only standby of p1:5432: point DATABASE_URL to p1/,
  ],
  [{ inRecovery: true }, /^refuses: .* read-only standby: point DATABASE_URL to its primary$/],
  [
    { schema: "", mayCreate: false },
    /^refuses: .* names no schema that exists: create schema authorization suda$/,
  ],
  [{ foreignOwner: "Alice" }, /^refuses: .* belong to "Alice", not to suda: grant "Alice" to suda$/],
  [{ encoding: "SQL_ASCII" }, /^warns: .* stores SQL_ASCII, which checks no text/],
  [{ commitsSurely: false }, /^warns: .* synchronous_commit is off, .*\(no loss is off\): turn it on/],
  [
    { allowed: 17 },
    /^refuses: .* allows 17 connections, 8 gateways and a worker need 86: .* or start 1 at most$/,
  ],
  [
    { allowed: 60 },
    /^warns: .* allows 60 connections, 8 gateways and a worker need 86: .* or start 5 at most$/,
  ],
  [{ now: NOW - 5_000 }, /^warns: the clock of PostgreSQL at p:2 is 5\.0 s behind/],
])("PostgreSQL with %o", (facts, line) => {
  expect(notFine(ofPostgres(facts))).toEqual([expect.stringMatching(line)]);
});

it("the processes of other machines need connections too", () => {
  const others = { gateways: 4, workers: 1, machines: 1 };
  expect(notFine(ofPostgres({ allowed: 129 }, others))).toEqual([
    expect.stringMatching(
      /allows 129 connections, 12 gateways and 2 workers of all that run on it need 130: .* start 7 at most$/,
    ),
  ]);
  expect(notFine(ofPostgres({ allowed: 130 }, others))).toEqual([]);
});

it("a machine with small limits is told what they carry; one that tells nothing has no findings", () => {
  const small = { openFiles: 256, memory: 400 << 20, somaxconn: 128, ports: 500, disk: 50 << 20 };
  expect(notFine(machineFindings(small, 700 << 20))).toEqual([
    expect.stringMatching(
      /^warns: a process may open 256 files, which carries about 78 clients: ulimit -n 65536/,
    ),
    expect.stringMatching(
      /^warns: this container has 400 MiB, and about 700 are needed: give it more memory/,
    ),
    expect.stringMatching(/^warns: net\.core\.somaxconn is 128/),
    expect.stringMatching(/^warns: 500 local ports/),
    expect.stringMatching(/^refuses: 50 MiB are free on the disk of the data folder: make room$/),
  ]);
  expect(machineFindings({}, 1)).toEqual([]);
});

it.each([
  ["redis://:pass@word@h", "Redis at h:6379"],
  ["redis://user:p%40ss@h:7000/3", "Redis at h:7000"],
  ["redis://:one:two@h", "Redis at h:6379"],
  ["rediss://[::1]:7000", "Redis at [::1]:7000"],
])("the address of %s is %s", (url, place) => {
  expect(describeStore("Redis", url)).toBe(place);
});

it("several hosts and a socket are named too, and a password is never, however it is written", () => {
  expect(describeStore("PostgreSQL", "postgres://u:p@a:1,b:2/suda")).toBe("PostgreSQL at a:1,b:2");
  expect(describeStore("PostgreSQL", "postgres://u:p@/suda?host=/run/pg")).toBe("PostgreSQL at /run/pg");
  expect(withoutPassword("no p%40ss and no p@ss", "redis://u:p%40ss@h")).toBe("no *** and no ***");
});
