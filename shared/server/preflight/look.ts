/** Looks at the stores once, with connections of its own, and judges what they tell. */
import { connectPostgres } from "../postgres/pool.ts";
import { Unavailable } from "../process/unavailable.ts";
import { visitRedis } from "../redis/connect.ts";
import type { Finding } from "./finding.ts";
import { type PostgresNeeds, postgresFindings } from "./postgres-findings.ts";
import { readRedisFacts } from "./redis-facts.ts";
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
    redisUrl === undefined ? [] : lookAtRedis(redisUrl, needs.gateways),
    databaseUrl === undefined ? [] : lookAtPostgres(databaseUrl, needs),
  ]);
  return [...redis, ...postgres];
}

async function lookAtRedis(url: string, gateways: number): Promise<Finding[]> {
  try {
    const facts = await inTime(visitRedis(url, ANSWER_MS, readRedisFacts));
    return redisFindings(facts, describeStore("Redis", url), gateways);
  } catch (error) {
    return [unreached("Redis", url, error)];
  }
}

async function lookAtPostgres(url: string, needs: PostgresNeeds): Promise<Finding[]> {
  const sql = connectPostgres(url, { name: "preflight", max: 1, statementMs: ANSWER_MS });
  try {
    const facts = await inTime(createServerQueries(sql).readFacts());
    return postgresFindings(facts, describeStore("PostgreSQL", url), needs, Date.now());
  } catch (error) {
    // The door of the pool wraps outages; the reason is the library's error.
    return [unreached("PostgreSQL", url, error instanceof Unavailable ? (error.cause ?? error) : error)];
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
