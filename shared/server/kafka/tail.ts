/** Follows topics, without a consumer group: its place is its caller's. Outlives outages by itself. */
import type { Admin } from "@platformatic/kafka";
import { backoffMs } from "../../backoff.ts";
import { pause } from "../process/pause.ts";
import type { Fetched, Fetcher, Places } from "./fetch.ts";
import { KafkaUnavailable } from "./outages.ts";
import { placesOf } from "./places.ts";
import type { StoredRecord } from "./records.ts";

export type TailOptions = {
  topics: readonly string[];
  /** Partitions that a map does not name are read from their start. */
  from: "start" | "end" | Places;
  /** False: records of transactions under way and of aborted ones too. */
  committed: boolean;
  /** In order for each partition; the next batch comes when this has resolved. Its error ends the tail. */
  onRecords: (records: StoredRecord[]) => void | Promise<void>;
  /** Each failed try during an outage. */
  onOutage?: (error: KafkaUnavailable) => void;
};

export type Tail = {
  /** Offsets up to the end of what may be read that have not been read, marks of transactions included; undefined before the first answer. */
  lag(): bigint | undefined;
  /** The next offset of each partition. */
  places(): Places;
  /** Resolves after `stop`. Rejects with an error of ours or of `onRecords`. */
  readonly ended: Promise<void>;
  /** Resolves when no more records come. */
  stop(): Promise<void>;
};

const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 5_000;

/** Begins at once. A place that Kafka has no more is moved to the first that it has: the reader sees a gap. */
export function startTail(admin: Admin, fetchFrom: Fetcher, options: TailOptions): Tail {
  const { topics, committed, onRecords, onOutage } = options;
  const stopped = new AbortController();
  let places: Places | undefined;
  const behind = new Map<string, bigint>();
  const ended = follow();
  // A caller that awaits neither `ended` nor `stop` has no use for the error.
  ended.catch(() => undefined);

  return {
    lag: () => (behind.size > 0 ? [...behind.values()].reduce((sum, each) => sum + each, 0n) : undefined),
    places: () => new Map([...(places ?? [])].map(([topic, partitions]) => [topic, new Map(partitions)])),
    ended,
    async stop() {
      stopped.abort();
      await ended.catch(() => undefined);
    },
  };

  async function follow(): Promise<void> {
    let failures = 0;
    while (!stopped.signal.aborted) {
      let answers: Fetched[];
      try {
        places ??= await firstPlaces();
        answers = await fetchFrom(places, committed);
        failures = 0;
      } catch (error) {
        if (!(error instanceof KafkaUnavailable)) throw error;
        if (stopped.signal.aborted) return;
        onOutage?.(error);
        await pause(backoffMs(failures++, FIRST_RETRY_MS, MAX_RETRY_MS), stopped.signal);
        if (error.kind === "OFFSET_OUT_OF_RANGE" && places) await moveIntoRange(places, error);
        continue;
      }
      await deliver(places, answers);
    }
  }

  async function deliver(at: Places, answers: Fetched[]): Promise<void> {
    for (const { topic, partition, next, end, records } of answers) {
      if (stopped.signal.aborted) return;
      if (records.length > 0) await onRecords(records);
      at.get(topic)?.set(partition, next);
      behind.set(`${topic}:${partition}`, end > next ? end - next : 0n);
    }
  }

  async function firstPlaces(): Promise<Places> {
    const { from } = options;
    const first = await placesOf(admin, topics, from === "end" ? "end" : "start", committed);
    if (typeof from === "string") return first;
    for (const [topic, partitions] of from)
      for (const [partition, offset] of partitions) first.get(topic)?.set(partition, offset);
    return first;
  }

  /** Retention has dropped what came next, or the topic was made anew. */
  async function moveIntoRange(at: Places, cause: KafkaUnavailable): Promise<void> {
    try {
      const [starts, ends] = await Promise.all([
        placesOf(admin, topics, "start", committed),
        placesOf(admin, topics, "end", false),
      ]);
      for (const [topic, partitions] of at)
        for (const [partition, offset] of partitions) {
          const start = starts.get(topic)?.get(partition) ?? 0n;
          const end = ends.get(topic)?.get(partition) ?? 0n;
          if (offset < start || offset > end) partitions.set(partition, start);
        }
    } catch (error) {
      if (!(error instanceof KafkaUnavailable)) throw error;
      onOutage?.(new KafkaUnavailable(error.kind, error.message, { cause }));
    }
  }
}
