/**
 * `npm run search-price -- --rows 5000000 --days 30 --runs 60 --rounds 5 [--data DIR]`: fills a PostgreSQL of its own, measures searches in a
 * big room and a small one, and how fast the worker writes with and without what comes with search, mentions and reactions. With `--data` the
 * archive stays in DIR, and is only measured the next time. Exit code 1 when a p95 is above 50 ms, or writing falls by more than a fifth.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { postgresUrl, startPostgresServer } from "../infra/local/stores/postgres.ts";
import { createDatabase } from "../infra/local/stores/queries.ts";
import { describeMachine } from "../load-tests/machine.ts";
import { optionsOrLeave } from "../load-tests/options.ts";
import { freePort } from "../load-tests/support/free-port.ts";
import { inOrder, quantile, shown } from "../load-tests/timings.ts";
import { connectPostgres, type Sql } from "../shared/server/postgres/pool.ts";
import { createLog } from "../shared/server/process/logger.ts";
import { migrate } from "../worker/migrate.ts";
import { ensureWeek } from "../worker/partitions.ts";
import { createWordIndexing } from "../worker/word-index.ts";
import { fillArchive, type RoomSeqs } from "./support/search-archive.ts";
import {
  BEFORE,
  buildSlices,
  createWriter,
  FIRST_WRITTEN,
  measureSearches,
  VARIANTS,
} from "./support/search-price.ts";
import { createSearchPriceQueries } from "./support/search-price-queries.ts";

const MAX_P95_MS = 50;
const MAX_FALL = 0.2;
const WRITE_MS = 2_000;
const TEXTS = [
  "오늘 하늘이 진짜 예쁘네요",
  "who is here now lol",
  "저도 내일 방송 볼게요 ㅋㅋㅋ",
  "good music today 노래",
];
const numbers = { rows: 5_000_000, days: 30, runs: 60, rounds: 5 };
const values = optionsOrLeave(numbers, { data: undefined });
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const log = createLog("search-price", "silent");

const folder = values.data ?? mkdtempSync(join(tmpdir(), "suda-search-price-"));
mkdirSync(folder, { recursive: true, mode: 0o700 });
const settings = { folder, port: await freePort(), password: "price" };
const server = await startPostgresServer(settings);
const root = connectPostgres(postgresUrl(settings, "postgres"), { name: "search-price", max: 1 });
await createDatabase(root, "price");
const sql = connectPostgres(postgresUrl(settings, "price"), { name: "search-price", max: 4 });
try {
  await migrate(sql, log);
  const { seqs, today } = (await createSearchPriceQueries(sql).findFilled(values.days)) ?? (await fill(sql));
  await index(sql, today);
  const fits = [await tellSearches(sql, seqs), await tellWrites(sql, today)];
  say(describeMachine());
  if (fits.includes(false)) process.exitCode = 1;
} finally {
  await Promise.all([sql.end({ timeout: 2 }), root.end({ timeout: 2 })]);
  await server.stop("SIGINT", 10_000);
  if (!values.data) rmSync(folder, { recursive: true, force: true });
}

async function fill(sql: Sql): Promise<{ seqs: RoomSeqs; today: string }> {
  const now = Date.now();
  const began = performance.now();
  const seqs = await fillArchive(sql, { ...values, now }, (day) => ensureWeek(sql, day));
  const spent = secondsSince(began);
  say(
    `${values.rows} rows over ${values.days} days in ${spent} s; big room ${seqs.big}, small room ${seqs.small}`,
  );
  return { seqs, today: new Date(now).toISOString().slice(0, 10) };
}

async function index(sql: Sql, today: string): Promise<void> {
  const began = performance.now();
  const indexOne = createWordIndexing(log, () => Date.parse(today));
  while (await indexOne(sql));
  await buildSlices(sql, today);
  const { rows, words } = await createSearchPriceQueries(sql).size();
  say(`words indexed in ${secondsSince(began)} s: ${mb(words)} MB beside ${mb(rows)} MB of rows`);
}

async function tellSearches(sql: Sql, seqs: RoomSeqs): Promise<boolean> {
  const all: number[] = [];
  let isFast = true;
  for await (const { kind, room, place, times, unfinished } of measureSearches(sql, seqs, values.runs)) {
    all.push(...times);
    isFast &&= quantile(inOrder(times), 0.95) <= MAX_P95_MS;
    say(
      `${`${room}, ${place}, ${kind}`.padEnd(50)} ${shown(times)}${unfinished > 0 ? `, ${unfinished} unfinished` : ""}`,
    );
  }
  say(`all searches: ${shown(all)}`);
  return isFast;
}

async function tellWrites(sql: Sql, today: string): Promise<boolean> {
  const write = createWriter(sql, TEXTS, today);
  const rates = new Map<string, number[]>(VARIANTS.map(({ name }) => [name, []]));
  // Each round begins with another variant, because a machine changes while it measures.
  for (let round = 0; round < values.rounds; round++)
    for (let n = 0; n < VARIANTS.length; n++) {
      const variant = VARIANTS[(n + round) % VARIANTS.length];
      if (variant) rates.get(variant.name)?.push(await write(variant, WRITE_MS));
    }
  await createSearchPriceQueries(sql).removeWritten(today, FIRST_WRITTEN);
  const median = (values: number[]): number => quantile(inOrder(values), 0.5);
  const before = rates.get(BEFORE) ?? [];
  const shareOf = (each: number[]): number => median(each.map((rate, round) => rate / (before[round] ?? 0)));
  for (const [name, each] of rates)
    say(
      `${name.padEnd(50)} ${median(each).toFixed(0)} rows/s, ${(shareOf(each) * 100).toFixed(0)} % (${each.map((rate) => rate.toFixed(0)).join(", ")})`,
    );
  return shareOf(rates.get("as it is") ?? []) >= 1 - MAX_FALL;
}

function secondsSince(began: number): string {
  return ((performance.now() - began) / 1_000).toFixed(0);
}

function mb(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}
