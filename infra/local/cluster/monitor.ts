/** The load of the processes by their own metrics: polled every two seconds while somebody looks, and now and then while nobody does. */
import { setTimeout as delay } from "node:timers/promises";
import { ask } from "../supervise/ask.ts";
import { sumMetrics } from "./metrics.ts";

const POLL_MS = 2_000;
/** While nobody looks, one poll in so many is made, from which the next rate is counted. */
const QUIET_POLLS = 5;
/** Somebody who looked so lately looks still. */
const WATCHED_MS = 5_000;
/** Nobody waits longer for numbers of this moment: those of before are told. */
const FRESH_WITHIN_MS = 500;
const METRICS = {
  clients: "suda_connections",
  messages: "suda_messages_total",
  unwritten: "suda_archive_pending_events",
  lagSeconds: "suda_archive_lag_seconds",
  takenSeqs: "suda_taken_seqs",
};
/** Asks for these alone, because the text of all metrics costs a process as much as the rest of its idle time. */
const PAGE = `/metrics?${Object.values(METRICS)
  .map((name) => `name[]=${name}`)
  .join("&")}`;

/** A number is absent if the process has none, or did not answer the last poll. */
export type Load = {
  clients?: number;
  messagesPerSecond?: number;
  unwritten?: number;
  lagSeconds?: number;
  /** Acknowledged messages that are no rows, because another has their seq. */
  takenSeqs?: number;
};
type Sample = { at: number; messages: number | undefined; load: Load };

export type Monitor = {
  start(names: () => string[]): void;
  load(name: string): Load;
  /** Polls those whose numbers are old. */
  refresh(): Promise<void>;
  stop(): void;
};

export function createMonitor(portOf: (name: string) => number): Monitor {
  const samples = new Map<string, Sample>();
  let timer: NodeJS.Timeout | undefined;
  let namesOf = (): string[] => [];
  let lookedAt = Number.NEGATIVE_INFINITY;
  let skipped = 0;

  return {
    start(names) {
      namesOf = names;
      timer = setInterval(() => {
        skipped++;
        if (skipped < QUIET_POLLS && performance.now() - lookedAt > WATCHED_MS) return;
        skipped = 0;
        for (const name of names()) void poll(name);
      }, POLL_MS);
    },
    load(name) {
      lookedAt = performance.now();
      return samples.get(name)?.load ?? {};
    },
    async refresh() {
      const since = performance.now() - POLL_MS;
      const old = namesOf().filter((name) => (samples.get(name)?.at ?? since) <= since);
      const polls = Promise.all(old.map(poll));
      if (old.length > 0) await Promise.race([polls, delay(FRESH_WITHIN_MS, undefined, { ref: false })]);
    },
    stop: () => clearInterval(timer),
  };

  async function poll(name: string): Promise<void> {
    try {
      const { text } = await ask(portOf(name), PAGE, 1_500);
      samples.set(name, nextSample(sumMetrics(text), samples.get(name), performance.now()));
    } catch {
      // It restarts or hangs, which its supervisor reports; an old number would be wrong.
      samples.delete(name);
    }
  }
}

function nextSample(metrics: Map<string, number>, before: Sample | undefined, now: number): Sample {
  const messages = metrics.get(METRICS.messages);
  const load: Load = {};
  take("clients");
  take("unwritten");
  take("lagSeconds");
  take("takenSeqs");
  // A restarted process counts from zero again.
  if (messages !== undefined && before?.messages !== undefined)
    load.messagesPerSecond = Math.max(0, (messages - before.messages) / ((now - before.at) / 1_000));
  return { at: now, messages, load };

  function take(key: Exclude<keyof Load, "messagesPerSecond">): void {
    const value = metrics.get(METRICS[key]);
    if (value !== undefined) load[key] = value;
  }
}
