/** What a reconnect storm must not do, and whether it did. Pure. */
import type { AcceptQueue } from "./accept-queue.ts";

/** What was asked of the stores, each second. */
export type Spent = { commands: number; scripts: number; transactions: number };

export type StormFigures = {
  clients: number;
  /** How many resumed without a gap, and when the last was back, in ms. */
  recovered: number;
  lastBackMs: number;
  /** Of those who chat meanwhile: from due to heard, how much was heard of what was due to be, and what was said wrong. */
  chatP99Ms: number;
  heard: number;
  due: number;
  wrong: number;
  calm: Spent;
  storm: Spent;
  /** What the kernel could not keep during the storm. */
  acceptQueue: AcceptQueue;
};

const MOST = { backMs: 10_000, chatP99Ms: 500 };
/** The worker writes the records of all connections of a moment in one transaction, about once a second. */
const RECORDS_PER_SECOND = 1.5;
/** What beats does so in its own time: a few more or less fall into one measurement. */
const BEATS = { share: 1.25, more: 10 };

/** @returns a line for each promise that was broken. */
export function judgeStorm(figures: StormFigures): string[] {
  const { clients, recovered, lastBackMs, chatP99Ms, heard, due, wrong, calm, storm, acceptQueue } = figures;
  const broken: string[] = [];
  const check = (what: string, is: number, most: number): void => {
    if (is > most) broken.push(`${what}: ${is.toFixed(1)}, promised are at most ${most.toFixed(1)}`);
  };
  if (clients < 1 || due < 1)
    broken.push("nobody was cut off, or nobody chatted meanwhile: this shows nothing");
  check("clients that did not resume", clients - recovered, 0);
  check("ms until the last was back", lastBackMs, MOST.backMs);
  check("p99 ms of the chat of the others", chatP99Ms, MOST.chatP99Ms);
  check("messages that the others did not hear", due - heard, 0);
  check("refusals and wrong answers to the others", wrong, 0);
  check(
    "PostgreSQL transactions/s",
    storm.transactions,
    calm.transactions * BEATS.share + RECORDS_PER_SECOND,
  );
  check("Redis scripts/s", storm.scripts, calm.scripts * BEATS.share + BEATS.more);
  check("accept queues that overflowed", acceptQueue.overflows, 0);
  check("connections that were dropped before they were accepted", acceptQueue.drops, 0);
  return broken;
}
