/**
 * Publishes what its sources have, each piece in one transaction together with the watermark behind it. Two publishers at once, a lost
 * answer or a death at any step lose and double nothing: a new producer fences all others first, and only then reads the watermarks. After
 * any error it begins anew like that; nothing is ever just sent again.
 */
import { backoffMs } from "../../shared/backoff.ts";
import type { Kafka } from "../../shared/server/kafka/client.ts";
import type { Ledger } from "../../shared/server/kafka/ledger.ts";
import { KafkaUnavailable } from "../../shared/server/kafka/outages.ts";
import type { KafkaProducer } from "../../shared/server/kafka/producer.ts";
import type { TopicSpec } from "../../shared/server/kafka/topics.ts";
import type { Log } from "../../shared/server/process/logger.ts";
import { pause } from "../../shared/server/process/pause.ts";
import type { KafkaMetrics } from "./kafka-metrics.ts";
import { createOutage } from "./outage.ts";
import type { Piece, Reading, Source } from "./source.ts";

export type PublisherDeps = {
  kafka: Pick<Kafka, "ensureTopics" | "openProducer" | "readAll" | "ping">;
  /** Of the producer, all of whose topics are in `topics`. */
  producer: { transactionalId: string; ledger: Ledger };
  topics: readonly TopicSpec[];
  /** The topics of the watermarks. */
  watermarks: readonly string[];
  sources: readonly Source[];
  metrics: KafkaMetrics;
  log: Log;
};
export type Publisher = {
  /** Publishes until the signal, and ends 3 s after it at the latest. @throws Unavailable of PostgreSQL, or an error of ours. */
  run(signal: AbortSignal): Promise<void>;
  /** There is news. */
  wake(): void;
};
type Session = {
  /** Publishes a piece of each source. @returns whether there was any. */
  publishNext(): Promise<boolean>;
  /** False when another one is to be opened, even without news. */
  usable(): boolean;
  close(): Promise<void>;
};

/** How soon news is found of which nobody told, and how soon a Kafka is missed to which nothing is said. */
const LOOK_MS = 10_000;
const FIRST_MS = 200;
const MAX_MS = 5_000;
/** A transaction under way may take so long when the publisher stops. */
const STOP_MS = 1_000;

export function createPublisher(deps: PublisherDeps): Publisher {
  const { kafka, sources, metrics, log } = deps;
  const reported = new Set<string>();
  const everyMs = Math.min(...sources.map((source) => source.everyMs ?? LOOK_MS));
  let news = new AbortController();

  return { run, wake: () => news.abort() };

  async function run(signal: AbortSignal): Promise<void> {
    const outage = createOutage(metrics, log);
    let session: Session | undefined;
    let isOver = false;
    try {
      while (!signal.aborted) {
        news = new AbortController();
        const isBusy = await endOf(step(), signal, STOP_MS);
        if (!isBusy) await pause(everyMs, AbortSignal.any([signal, news.signal]));
      }
      for (const source of sources) await source.end();
    } finally {
      isOver = true;
      metrics.up.set(0);
      await session?.close();
    }

    async function step(): Promise<boolean> {
      try {
        for (const source of sources) await source.look();
        if (session && !session.usable()) {
          await session.close();
          session = undefined;
        }
        session ??= await begin();
        // Nobody waits for this one any more.
        if (isOver) await session.close();
        const isBusy = await session.publishNext();
        outage.isOver();
        return isBusy;
      } catch (error) {
        await session?.close();
        session = undefined;
        if (isOver) return false;
        if (!(error instanceof KafkaUnavailable)) throw error;
        await pause(backoffMs(outage.met(error), FIRST_MS, MAX_MS), signal);
        return true;
      }
    }
  }

  /** Fences all others, and reads up to where Kafka has everything. */
  async function begin(): Promise<Session> {
    const { made, differences } = await kafka.ensureTopics(deps.topics);
    if (made.length > 0) log.info({ topics: made }, "topics made at Kafka");
    for (const difference of differences) {
      if (!reported.has(difference)) log.warn({ difference }, "a topic of Kafka is not as Suda makes it");
      reported.add(difference);
    }
    const producer = await kafka.openProducer(deps.producer);
    try {
      const readings = sources.map((source) => source.open());
      for (const topic of deps.watermarks)
        await kafka.readAll(topic, (record) => {
          for (const reading of readings) reading.restore(record);
        });
      for (const reading of readings) await reading.restored();
      return createSession(producer, readings, deps);
    } catch (error) {
      await producer.close();
      throw error;
    }
  }
}

function createSession(
  producer: KafkaProducer,
  readings: readonly Reading[],
  { kafka, metrics }: PublisherDeps,
): Session {
  let heardAt = performance.now();

  return {
    async publishNext() {
      let isBusy = false;
      for (const reading of readings) {
        const piece = await reading.next();
        if (piece) await publish(piece);
        isBusy ||= piece !== undefined;
      }
      if (!isBusy && performance.now() - heardAt > LOOK_MS / 2) {
        await kafka.ping();
        heardAt = performance.now();
      }
      return isBusy;
    },
    usable: producer.usable,
    close: producer.close,
  };

  async function publish({ records, settle }: Piece): Promise<void> {
    if (records.length > 0) {
      try {
        await producer.begin();
        await producer.send(records);
        await producer.commit();
      } catch (error) {
        metrics.transactions.inc({ outcome: "failed" });
        settle(false);
        throw error;
      }
      heardAt = performance.now();
      metrics.transactions.inc({ outcome: "committed" });
      for (const [topic, some] of Map.groupBy(records, (record) => record.topic))
        metrics.published.inc({ topic }, some.length);
    }
    settle(true);
  }
}

/** How the work ends; undefined if that is not known within `ms` of the signal. */
function endOf<T>(work: Promise<T>, signal: AbortSignal, ms: number): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const begin = (): void => {
      timer = setTimeout(() => resolve(undefined), ms);
    };
    signal.addEventListener("abort", begin, { once: true });
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", begin);
    };
    work.finally(end).then(resolve, reject);
  });
}
