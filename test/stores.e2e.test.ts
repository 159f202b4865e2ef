/** A running cluster and its stores: connections before it grows, and outages in the logs of all of its processes. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectPostgres, type Sql } from "../shared/server/postgres/pool.ts";
import { visitRedis } from "../shared/server/redis/connect.ts";
import { startCluster, type TestCluster } from "./support/cluster.ts";

type Line = { msg: string; store?: string };

let cluster: TestCluster;
let sql: Sql;
beforeAll(async () => {
  cluster = await startCluster({ gateways: 3 });
  sql = connectPostgres(cluster.databaseUrl(), { name: "test", max: 1 });
});
afterAll(async () => {
  await sql.end({ timeout: 1 });
  await cluster.stop();
});

/** @returns lines about outages of stores, by log. */
function linesAboutOutages(): Record<string, string[]> {
  const logs = join(cluster.dir, "logs");
  const names = readdirSync(logs).filter((name) => /^(gateway-\d+|worker)\.log$/.test(name));
  const linesOf = (name: string): Line[] =>
    readFileSync(join(logs, name), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Line);
  return Object.fromEntries(
    names.map((name) => [
      name,
      linesOf(name)
        .filter(({ store }) => store !== undefined)
        .map(({ msg, store }) => `${store}: ${msg}`),
    ]),
  );
}

const everyProcess = (lines: string[]): Record<string, string[]> =>
  Object.fromEntries(["gateway-1", "gateway-2", "gateway-3", "worker"].map((name) => [`${name}.log`, lines]));

it("a Redis that is full for a while is one line at its begin and one at its end, in every process", async () => {
  expect(linesAboutOutages()).toEqual(everyProcess([]));
  const { redisUrl } = cluster.backends();
  const limit = (bytes: string) =>
    visitRedis(redisUrl, 2_000, (redis) => redis.config("SET", "maxmemory", bytes));
  await limit("1mb");
  const begun = ["Redis: a store is away or refuses"];
  await expect.poll(linesAboutOutages).toEqual(everyProcess(begun));
  await limit("0");
  await expect.poll(linesAboutOutages).toEqual(everyProcess([...begun, "Redis: the store answers again"]));
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
