/** The load of the processes by their own metrics, polled every two seconds. */
import { sumMetrics } from "./metrics.ts";

const POLL_MS = 2_000;

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
  stop(): void;
};

export function createMonitor(portOf: (name: string) => number): Monitor {
  const samples = new Map<string, Sample>();
  let timer: NodeJS.Timeout | undefined;

  return {
    start(names) {
      timer = setInterval(() => {
        for (const name of names()) void poll(name);
      }, POLL_MS);
    },
    load: (name) => samples.get(name)?.load ?? {},
    stop: () => clearInterval(timer),
  };

  async function poll(name: string): Promise<void> {
    try {
      const response = await fetch(`http://127.0.0.1:${portOf(name)}/metrics`, {
        signal: AbortSignal.timeout(1_500),
      });
      samples.set(name, nextSample(sumMetrics(await response.text()), samples.get(name), performance.now()));
    } catch {
      // It restarts or hangs, which its supervisor reports; an old number would be wrong.
      samples.delete(name);
    }
  }
}

function nextSample(metrics: Map<string, number>, before: Sample | undefined, now: number): Sample {
  const messages = metrics.get("suda_messages_total");
  const load: Load = {};
  take("clients", "suda_connections");
  take("unwritten", "suda_archive_pending_events");
  take("lagSeconds", "suda_archive_lag_seconds");
  take("takenSeqs", "suda_taken_seqs");
  // A restarted process counts from zero again.
  if (messages !== undefined && before?.messages !== undefined)
    load.messagesPerSecond = Math.max(0, (messages - before.messages) / ((now - before.at) / 1_000));
  return { at: now, messages, load };

  function take(key: keyof Load, metric: string): void {
    const value = metrics.get(metric);
    if (value !== undefined) load[key] = value;
  }
}
