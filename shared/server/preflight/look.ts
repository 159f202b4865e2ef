/** Looks at the stores once, with connections of its own, and judges what they tell. */

import { countOthers, NO_OTHERS } from "../membership/others.ts";
import { connectPostgres, type Sql } from "../postgres/pool.ts";
import { Unavailable } from "../process/unavailable.ts";
import { visitRedis } from "../redis/connect.ts";
import type { Finding } from "./finding.ts";
import { type PostgresNeeds, postgresFindings } from "./postgres-findings.ts";
import { type RedisFacts, readRedisFacts } from "./redis-facts.ts";
import { redisFindings } from "./redis-findings.ts";
import { createServerQueries } from "./server-queries.ts";
import { describeStore } from "./store-address.ts";
import { unreached } from "./unreached.ts";

/** A store that answers at all answers sooner; a person waits no more than 5 s for the first line. */
const ANSWER_MS = 4_000;

/** A store without an address is not looked at. */
export type Looked = PostgresNeeds & { redisUrl?: string | undefined; databaseUrl?: string | undefined };

/** @returns a finding for everything that was looked at, in a fixed order. */
export async function lookAtStores({ redisUrl, databaseUrl, ...needs }: Looked): Promise<Finding[]> {
  const [redis, postgres] = await Promise.all([
    redisUrl === undefined
      ? []
      : judgeRedis(redisUrl, visitRedis(redisUrl, ANSWER_MS, readRedisFacts), needs),
    databaseUrl === undefined ? [] : lookAtPostgres(databaseUrl, needs),
  ]);
  return [...redis, ...postgres];
}

/** The connections of a running process. */
export type OpenStores = {
  redisUrl: string;
  redis: Parameters<typeof readRedisFacts>[0];
  databaseUrl: string;
  sql: Sql;
};

/** The same look, of a process that runs. */
export async function lookThrough(
  { redisUrl, redis, databaseUrl, sql }: OpenStores,
  needs: PostgresNeeds,
): Promise<Finding[]> {
  const found = await Promise.all([
    judgeRedis(redisUrl, readRedisFacts(redis), needs),
    judgePostgres(databaseUrl, sql, needs),
  ]);
  return found.flat();
}

async function judgeRedis(
  url: string,
  facts: Promise<RedisFacts>,
  { gateways }: PostgresNeeds,
): Promise<Finding[]> {
  try {
    return redisFindings(await inTime(facts), describeStore("Redis", url), gateways);
  } catch (error) {
    return [unreached("Redis", url, reasonFor(error))];
  }
}

async function judgePostgres(url: string, sql: Sql, needs: PostgresNeeds): Promise<Finding[]> {
  const { ownPids } = needs;
  try {
    const [[facts, now], others] = await Promise.all([
      inTime(createServerQueries(sql).readFacts()).then((read) => [read, Date.now()] as const),
      ownPids ? inTime(countOthers(sql, ownPids)) : NO_OTHERS,
    ]);
    return postgresFindings(facts, describeStore("PostgreSQL", url), needs, now, others);
  } catch (error) {
    return [unreached("PostgreSQL", url, reasonFor(error))];
  }
}

/** The doors wrap outages; the reason is the error of the library. */
const reasonFor = (error: unknown): unknown =>
  error instanceof Unavailable ? (error.cause ?? error) : error;

async function lookAtPostgres(url: string, needs: PostgresNeeds): Promise<Finding[]> {
  const sql = connectPostgres(url, { name: "preflight", max: 1, statementMs: ANSWER_MS });
  try {
    return await judgePostgres(url, sql, needs);
  } finally {
    void sql.end({ timeout: 1 });
  }
}

function inTime<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no answer within ${ANSWER_MS / 1_000} s`)), ANSWER_MS);
    work.then(resolve, reject).finally(() => clearTimeout(late));
  });
}
