/**
 * The cost of ten years of days: planning, locks, memory of a connection, the catalog, upkeep and a backup, of daily partitions as they are and
 * of a copy whose old days are joined into months. See docs/decisions/0031-days-stay-days.md.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { BenchOptions } from "./archive-bench.ts";
import { fillArchive } from "./archive-fill.ts";
import { readBackends } from "./cluster.ts";
import {
  type Database,
  locksOfPage,
  memoryOf,
  openBenchDatabase,
  planPage,
  type Span,
} from "./partition-queries.ts";
import { inOrder, quantile } from "./timings.ts";

const RECENT_DAYS = 365;
const DAY_MS = 86_400_000;
const PAGES = 300;
const MADE = 20;
const MAX_PLANNING_MS = 5;
const MAX_LOCKS = 16;

/** @returns whether a statement stays quick with daily partitions. */
export async function benchPartitions(options: BenchOptions, say: (line: string) => void): Promise<boolean> {
  const { data } = options;
  await fillArchive(data, options, say);
  const database = openBenchDatabase(readBackends(data).databaseUrl);
  try {
    const days = await database.firstDays();
    const before = await database.catalogBytes();
    const took = await database.copyAs("joined", joinedSpans(days));
    const joinedBytes = (await database.catalogBytes()) - before;
    say(
      `to join a month into one partition: p50 ${ofShare(took.slice(0, -RECENT_DAYS), 0.5)} ms, most ${ofShare(took.slice(0, -RECENT_DAYS), 1)} ms`,
    );
    const isGood = await tell(database, "messages", days, say);
    await tell(database, "joined", days, say);
    say(
      `catalog: ${mb(before)} MB with days; ${mb(joinedBytes)} MB more for the copy with months; room for ${await database.lockRoom()} locks`,
    );
    await upkeep(database, "days and months", options.seconds, say);
    await database.drop("joined");
    await upkeep(database, "days", options.seconds, say);
    return isGood;
  } finally {
    await database.close();
  }
}

/** Months, and the recent days. */
function joinedSpans(days: readonly string[]): Span[] {
  const old = days.slice(0, -RECENT_DAYS);
  const nextOf = (day: string): string => new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);
  const months = [...Map.groupBy(old, (day) => day.slice(0, 7)).values()];
  const spans = months.map((month) => ({ from: month[0] ?? "", next: nextOf(month.at(-1) ?? "") }));
  return [...spans, ...days.slice(-RECENT_DAYS).map((day) => ({ from: day, next: nextOf(day) }))];
}

async function tell(
  database: Database,
  table: string,
  days: readonly string[],
  say: (line: string) => void,
): Promise<boolean> {
  const pair = (at: number): string[] => days.slice(at, at + 2);
  const any = (): string[] => pair(Math.floor(Math.random() * (days.length - 2)));
  const fresh = await database.onFresh(async (sql) => {
    const first = await planPage(sql, table, 1, pair(days.length >> 1));
    const [locks, quick] = await locksOfPage(sql, table, pair(days.length >> 1));
    const small = await memoryOf(sql);
    const planned: number[] = [];
    for (let n = 0; n < PAGES; n++) planned.push(await planPage(sql, table, 1, any()));
    return { first, locks, quick, small, planned, large: await memoryOf(sql) };
  });
  const made: [number, number][] = [];
  for (let n = 0; n < MADE; n++) made.push(await database.addAndDrop(table));
  const [adds, drops] = [made.map(([add]) => add), made.map(([, drop]) => drop)];
  const began = performance.now();
  await database.vacuum(table);
  const vacuumMs = performance.now() - began;
  const dump = await database.dump(table);
  say(`${table}: ${await database.countPartitions(table)} partitions`);
  say(
    `  a page: planned in ${fresh.first.toFixed(1)} ms on a new connection, then p50 ${ofShare(fresh.planned, 0.5)}, p95 ${ofShare(fresh.planned, 0.95)} ms; ${fresh.locks} locks, ${fresh.quick} of them quick`,
  );
  say(
    `  a connection: ${mb(fresh.small)} MB after one page, ${mb(fresh.large)} MB after ${PAGES} of any days`,
  );
  say(`  a partition is made in ${ofShare(adds, 0.5)} ms and dropped in ${ofShare(drops, 0.5)} ms (p50)`);
  say(
    `  vacuum: ${vacuumMs.toFixed(0)} ms; a backup: ${dump.locks} locks in ${dump.lockMs.toFixed(0)} ms, all rows read in ${dump.readMs.toFixed(0)} ms`,
  );
  return quantile(inOrder(fresh.planned), 0.95) <= MAX_PLANNING_MS && fresh.locks <= MAX_LOCKS;
}

async function upkeep(
  database: Database,
  what: string,
  seconds: number,
  say: (line: string) => void,
): Promise<void> {
  await wait(2_000);
  const before = await database.autovacuum();
  await wait(seconds * 1_000);
  const pages = (await database.autovacuum()) - before;
  say(`autovacuum with ${what}: ${Math.round((pages / seconds) * 60)} pages looked at a minute`);
}

const ofShare = (values: readonly number[], share: number): string =>
  quantile(inOrder([...values]), share).toFixed(1);
const mb = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
