/**
 * Measures that a large archive stays fast: import, export and verification of years; a page of any age for one and for
 * eight readers; many readers beside people who chat; and opening the big room with an empty Redis.
 */
import { setTimeout as wait } from "node:timers/promises";
import { type Filled, fillArchive } from "./archive-fill.ts";
import { openChat } from "./chat-beside.ts";
import { DISTURBED, shownCheck } from "./checks.ts";
import { addressOf, findCluster, readBackends } from "./cluster.ts";
import { createDecoder } from "./decode.ts";
import { openClient } from "./driver.ts";
import { besideReaders, middleOf, readFor } from "./reading-back.ts";
import { runCommand } from "./support/commands.ts";
import { askRedis } from "./support/redis-command.ts";
import { inOrder, quantile, shown } from "./timings.ts";

export type BenchOptions = {
  rows: number;
  days: number;
  seconds: number;
  readers: number;
  rounds: number;
  data: string | undefined;
};

const PAGE_P95_MS = 20;
const JOIN_MS = 500;
const PAUSE_MS = 250;
const SETTLE_MS = 2_000;
/** Long enough for a p99 of more than a thousand sends. */
const ALONE_MS = 60_000;
/** The least length of a round beside readers: its p95 of two hundred sends was chance. */
const ROUND_SECONDS = 20;
const RATE = 20;
const AGES = [7, 30, 90, 365];

/** @returns whether every bound holds. */
export async function benchArchive(options: BenchOptions, say: (line: string) => void): Promise<boolean> {
  const { rows, days, seconds, readers, data } = options;
  const { url } = await findCluster(data);
  const checks: boolean[] = [];
  const judge = (words: string, holds: boolean): void => {
    checks.push(holds);
    say(shownCheck(words, holds));
  };
  const filled = await fill();
  await timed("export", () => runCommand("export", ["--out", "/dev/null"], { data }));
  await timed("verify", () => runCommand("verify", [], { data }));

  const people = { url, room: filled.room, pauseMs: PAUSE_MS };
  await readFor({ ...people, from: 2_000, to: filled.rows, readers: 3 }, 2_000);
  for (const age of [...AGES.filter((each) => each < days), days]) {
    const middle = Math.max(4_000, Math.round(filled.rows * (1 - age / days)));
    for (const few of [1, 8]) {
      const order = { ...people, from: middle - 1_000, to: middle, readers: few };
      const { pagesMs, byStatus, wrong } = await readFor(order, seconds * 1_000);
      const isClean = wrong.length === 0 && Object.keys(byStatus).every((status) => status === "200");
      const isFast = quantile(inOrder(pagesMs), 0.95) <= PAGE_P95_MS;
      judge(
        `${age} days old, ${few} reading: ${shown(pagesMs)}; answers ${JSON.stringify(byStatus)}`,
        isClean && isFast,
      );
    }
  }
  await beside();
  await join();
  return checks.every(Boolean);

  /** Fills the archive while people chat, who must not notice the import. */
  async function fill(): Promise<Filled> {
    const chat = await openChat(data, RATE);
    await wait(SETTLE_MS);
    chat.take();
    await wait(ALONE_MS);
    const alone = chat.take();
    const began = performance.now();
    const made = await fillArchive(data, { rows, days }, say);
    const took = (performance.now() - began) / 1_000;
    const besides = chat.take();
    chat.stop();
    chat.close();
    say(`import: ${Math.round(rows / took)} lines/s, with PostgreSQL's upkeep after it`);
    say(`  sends alone:  ${shown(alone)}`);
    const [quiet, busy] = [alone, besides].map((times) => quantile(inOrder(times), 0.99));
    judge(`  sends beside: ${shown(besides)}`, (busy ?? 0) <= (quiet ?? 0) * DISTURBED);
    return made;
  }

  async function timed(what: string, work: () => Promise<string>): Promise<void> {
    const began = performance.now();
    await work();
    const took = (performance.now() - began) / 1_000;
    say(`${what}: ${rows} rows in ${took.toFixed(1)} s, ${Math.round(rows / took)}/s`);
  }

  async function beside(): Promise<void> {
    const chat = await openChat(data, RATE);
    const order = { ...people, from: 2_000, to: filled.rows - 2_000, readers };
    const long = { ...options, seconds: Math.max(seconds, ROUND_SECONDS) };
    const rounds = await besideReaders(chat, order, long, () => undefined);
    chat.stop();
    chat.close();
    const [alone, busy] = [middleOf(rounds, "alone", 0.95), middleOf(rounds, "beside", 0.95)];
    judge(
      `${readers} reading: the others' sends at p95 ${alone.toFixed(1)} to ${busy.toFixed(1)} ms`,
      busy <= alone * DISTURBED,
    );
  }

  async function join(): Promise<void> {
    await askRedis(readBackends(data).redisUrl, "FLUSHALL");
    const began = performance.now();
    const client = await openClient({
      ...{ address: addressOf(url), room: filled.room, decode: createDecoder() },
      ...{ hear: () => undefined, closed: () => undefined },
    });
    const took = performance.now() - began;
    client.close();
    judge(`the room of ${filled.rows} joined with an empty Redis: ${took.toFixed(0)} ms`, took <= JOIN_MS);
  }
}
