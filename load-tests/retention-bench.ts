/**
 * A removal in steps is not felt: a room of two fifths of all rows that an admin deletes, and a retention that is turned on over years of days, beside
 * people who chat. The cluster was started with the retention; its worker waits six minutes before it believes the clock.
 */
import { setTimeout as wait } from "node:timers/promises";
import { until } from "../shared/until.ts";
import type { BenchOptions } from "./archive-bench.ts";
import { fillArchive } from "./archive-fill.ts";
import { BIG_ROOM } from "./archive-fixture.ts";
import { openChat } from "./chat-beside.ts";
import { DISTURBED, shownCheck } from "./checks.ts";
import { readBackends } from "./cluster.ts";
import { countLeaving, deleteRoom } from "./queries.ts";
import { inOrder, quantile, shown } from "./timings.ts";

const RATE = 50;
const BEGINS_WITHIN_MS = 600_000;
const ENDS_WITHIN_MS = 1_800_000;
const POLL_MS = 1_000;

/** Of a cluster for this. */
export const RETENTION_ENV = { SUDA_RETENTION_DAYS: "30", SUDA_ACCESS_TOKEN_MS: "60000" };

/** @returns whether chat was not disturbed. */
export async function benchRetention(options: BenchOptions, say: (line: string) => void): Promise<boolean> {
  const { data, seconds } = options;
  const { databaseUrl } = readBackends(data);
  await fillArchive(data, options, say);
  const chat = await openChat(data, RATE);
  const alone: number[] = [];
  const quiet = async (): Promise<void> => {
    await wait(2_000);
    chat.take();
    await wait(seconds * 1_000);
    alone.push(...chat.take());
  };
  const beside: [string, number[]][] = [];
  /** @param left how much of it is still there. */
  const during = async (what: string, left: () => Promise<number>): Promise<void> => {
    const [total, began] = [await left(), performance.now()];
    chat.take();
    await until(what, async () => (await left()) === 0, { withinMs: ENDS_WITHIN_MS, everyMs: POLL_MS });
    beside.push([what, chat.take()]);
    say(`${what}: ${total} in ${((performance.now() - began) / 1_000).toFixed(1)} s`);
  };
  const leaving = () => countLeaving(databaseUrl);

  await quiet();
  await deleteRoom(databaseUrl, BIG_ROOM);
  await during("messages of a deleted room", async () => (await leaving()).messages);
  await quiet();
  const { expired } = await leaving();
  say(`waiting for the retention of 30 days to begin: ${expired} days are past it`);
  await until("the retention begins", async () => (await leaving()).expired < expired, {
    ...{ withinMs: BEGINS_WITHIN_MS, everyMs: POLL_MS },
  });
  await during("days past the retention", async () => (await leaving()).expired);
  await quiet();
  chat.stop();
  chat.close();

  say(`  sends alone: ${shown(alone)}`);
  const bound = quantile(inOrder(alone), 0.99) * DISTURBED;
  const checks = beside.map(([what, times]) => {
    const holds = quantile(inOrder(times), 0.99) <= bound;
    say(shownCheck(`sends beside ${what}: ${shown(times)}`, holds));
    return holds;
  });
  return checks.every(Boolean) && chat.refused.length === 0;
}
