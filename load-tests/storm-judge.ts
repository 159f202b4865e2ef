/** Judges a reconnect storm: everybody resumed, nobody else was harmed, the stores were spared. Pure. */
import type { AcceptQueue } from "./accept-queue.ts";

/** Work of the stores per second. */
export type StoreWork = { commands: number; scripts: number; transactions: number };

export type StormFigures = {
  clients: number;
  /** The number of clients that resumed without a gap, and the time until the last was back, ms. */
  recovered: number;
  lastBackMs: number;
  /** The chat meanwhile: latency from due to received, deliveries received and due, refusals and wrong answers. */
  chatP99Ms: number;
  heard: number;
  due: number;
  wrong: number;
  calm: StoreWork;
  storm: StoreWork;
  /** Connections that the kernel dropped during the storm. */
  acceptQueue: AcceptQueue;
};

const MAX = { backMs: 10_000, chatP99Ms: 500 };
/** The worker writes the records of all connections of a moment in one transaction, about once a second. */
const RECORDS_PER_SECOND = 1.5;
/** Heartbeats are not synchronized with measurements, so one may contain a few more than another. */
const HEARTBEATS = { share: 1.25, more: 10 };

/** @returns a line for each promise that was broken. */
export function judgeStorm(figures: StormFigures): string[] {
  const { clients, recovered, lastBackMs, chatP99Ms, heard, due, wrong, calm, storm, acceptQueue } = figures;
  const broken: string[] = [];
  const check = (what: string, is: number, max: number): void => {
    if (is > max) broken.push(`${what}: ${is.toFixed(1)}, promised are at most ${max.toFixed(1)}`);
  };
  if (clients < 1 || due < 1)
    broken.push("nobody was cut off, or nobody chatted meanwhile: this shows nothing");
  check("clients that did not resume", clients - recovered, 0);
  check("ms until the last was back", lastBackMs, MAX.backMs);
  check("p99 ms of the chat of the others", chatP99Ms, MAX.chatP99Ms);
  check("messages that the others did not hear", due - heard, 0);
  check("refusals and wrong answers to the others", wrong, 0);
  check(
    "PostgreSQL transactions/s",
    storm.transactions,
    calm.transactions * HEARTBEATS.share + RECORDS_PER_SECOND,
  );
  check("Redis scripts/s", storm.scripts, calm.scripts * HEARTBEATS.share + HEARTBEATS.more);
  check("accept queues that overflowed", acceptQueue.overflows, 0);
  check("connections that were dropped before they were accepted", acceptQueue.drops, 0);
  return broken;
}
