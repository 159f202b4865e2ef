/** A running cluster, its stores and its machine: connections before it grows, and changes in the logs of all of its processes. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectPostgres, type Sql } from "../shared/server/postgres/pool.ts";
import { visitRedis } from "../shared/server/redis/connect.ts";
import { issueCertificate } from "./support/certificate.ts";
import { startCluster, type TestCluster } from "./support/cluster.ts";

type Line = { msg: string; store?: string; finding?: string };

/** Every change is found within this time. */
const FOUND = { timeout: 10_000 };
const folder = mkdtempSync(join(tmpdir(), "suda-stores-"));
const certificate = join(folder, "chat");

let cluster: TestCluster;
let sql: Sql;
beforeAll(async () => {
  issueCertificate(certificate, "chat.example.org", 10);
  const env = { SUDA_TLS_CERT: `${certificate}.crt`, SUDA_TLS_KEY: `${certificate}.key` };
  cluster = await startCluster({ gateways: 3, env });
  sql = connectPostgres(cluster.databaseUrl(), { name: "test", max: 1 });
});
afterAll(async () => {
  await sql.end({ timeout: 1 });
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** @returns the lines that `tell` makes words of, by log. */
function linesOf(tell: (line: Line) => string | undefined): Record<string, string[]> {
  const logs = join(cluster.dir, "logs");
  const names = readdirSync(logs).filter((name) => /^(gateway-\d+|worker)\.log$/.test(name));
  const read = (name: string): Line[] =>
    readFileSync(join(logs, name), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Line);
  return Object.fromEntries(names.map((name) => [name, read(name).flatMap((line) => tell(line) ?? [])]));
}
const linesAboutOutages = () => linesOf(({ store, msg }) => (store ? `${store}: ${msg}` : undefined));
const linesAbout = (words: string) => () =>
  linesOf(({ finding, msg }) => (finding?.includes(words) ? msg : undefined));

const everyProcess = (lines: string[]): Record<string, string[]> =>
  Object.fromEntries(["gateway-1", "gateway-2", "gateway-3", "worker"].map((name) => [`${name}.log`, lines]));

const BEGUN = "not as it should be";
const ENDED = "as it should be again";
const onlyWorker = (lines: string[]) => ({ ...everyProcess([]), "worker.log": lines });

async function metricsOfWorker(): Promise<string> {
  const { port } = await cluster.find("worker");
  return (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
}

it("a certificate near its end is told at the start, by the worker, in its metrics and by status", async () => {
  const words = /the certificate ends on \d{4}-\d\d-\d\d, in \d days: renew it/;
  expect(cluster.runner.said()).toMatch(words);
  await expect.poll(linesAbout("certificate"), FOUND).toEqual(onlyWorker([BEGUN]));
  expect(await metricsOfWorker()).toContain(
    'suda_store_finding{about="end of the certificate",promise=""} 1',
  );
  expect(await cluster.command("status")).toMatch(words);
  // It is taken up during the next test.
  issueCertificate(certificate, "chat.example.org", 60);
});

it("a Redis that is full for a while is one line at its begin and one at its end, in every process", async () => {
  expect(linesAboutOutages()).toEqual(everyProcess([]));
  const { redisUrl } = cluster.backends();
  const limit = (bytes: string) =>
    visitRedis(redisUrl, 2_000, (redis) => redis.config("SET", "maxmemory", bytes));
  await limit("1mb");
  const begun = ["Redis: a store is away or refuses"];
  await expect.poll(linesAboutOutages, FOUND).toEqual(everyProcess(begun));
  await limit("0");
  await expect
    .poll(linesAboutOutages, FOUND)
    .toEqual(everyProcess([...begun, "Redis: the store answers again"]));
});

it("a policy that is switched is a line in every process, a metric and a line of status, until it is switched back", async () => {
  const { redisUrl } = cluster.backends();
  const policy = (name: string) =>
    visitRedis(redisUrl, 2_000, (redis) => redis.config("SET", "maxmemory-policy", name));
  await policy("allkeys-lru");
  await expect.poll(linesAbout("evict"), FOUND).toEqual(everyProcess([BEGUN]));
  expect(await metricsOfWorker()).toContain('{about="Redis eviction",promise="no loss is off"} 1');
  expect(await cluster.command("status")).toMatch(/^warns: .* may evict messages .*\(no loss is off\)/m);
  await policy("noeviction");
  await expect.poll(linesAbout("evict"), FOUND).toEqual(everyProcess([BEGUN, ENDED]));
});

it("a renewed certificate ends what was said of the former one", async () => {
  await expect.poll(linesAbout("certificate")).toEqual(onlyWorker([BEGUN, ENDED]));
  await expect.poll(cluster.runner.said).toContain("the renewed certificate is in use");
});

it("does not grow beyond the connections that PostgreSQL allows, and status says how many it needs", async () => {
  expect(JSON.parse(await cluster.command("status", "--json")).findings).toEqual([]);
  await sql.unsafe("alter database suda connection limit 20");
  await expect(cluster.scale(8)).rejects.toThrow(/allows 20 connections, 8 gateways and a worker need 86/);
  const said = await cluster.command("status");
  expect(said).toMatch(
    /^warns: .* allows 20 connections, 3 gateways and a worker need 36: raise max_connections/m,
  );
  expect(said).not.toContain("gateway-4");
});
