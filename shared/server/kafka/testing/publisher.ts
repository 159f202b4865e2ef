/**
 * A publisher as the worker has one, of numbers instead of events: the last number that was published is written in the transaction of
 * the numbers, and read back after every error. Run as a program, it publishes until it is done or killed.
 */
import { setTimeout as wait } from "node:timers/promises";
import { backoffMs } from "../../../backoff.ts";
import { type Kafka, type KafkaAccess, openKafka } from "../client.ts";
import { KafkaUnavailable } from "../outages.ts";
import type { KafkaProducer } from "../producer.ts";

export type Publication = {
  /** Of the numbers, and the transactional id. */
  topic: string;
  /** Of the watermark. */
  published: string;
  /** Of the entries about transactions. */
  ledger: string;
  /** The numbers are 1 to this one. */
  count: number;
  /** The numbers of one transaction. */
  batch: number;
  /** Called after each commit with the last number. */
  onCommit?: (last: number) => void;
};

const FIRST_RETRY_MS = 20;
const MAX_RETRY_MS = 1_000;

/** Resolves when all numbers are published, by this publisher or by others beside it. @returns the kinds of errors that it met. */
export async function publish(kafka: Kafka, publication: Publication): Promise<string[]> {
  const met: string[] = [];
  while (true) {
    let producer: KafkaProducer | undefined;
    const { topic, published, ledger } = publication;
    try {
      producer = await kafka.openProducer({
        transactionalId: topic,
        ledger: { topic: ledger, topics: [topic, published] },
      });
      await publishWith(producer, kafka, publication);
      return met;
    } catch (error) {
      if (!(error instanceof KafkaUnavailable)) throw error;
      met.push(error.kind);
      // Two that retry at the same pace would fence each other for ever.
      await wait(backoffMs(met.length, FIRST_RETRY_MS, MAX_RETRY_MS));
    } finally {
      await producer?.close();
    }
  }
}

async function publishWith(producer: KafkaProducer, kafka: Kafka, publication: Publication): Promise<void> {
  const { topic, published, count, batch, onCommit } = publication;
  let last = 0;
  await kafka.readAll(published, ({ value }) => {
    last = Number(value);
  });
  while (last < count) {
    const numbers = Array.from({ length: Math.min(batch, count - last) }, (_, index) => last + 1 + index);
    await producer.begin();
    await producer.send(numbers.map((number) => ({ topic, key: "number", value: String(number) })));
    last = numbers.at(-1) ?? last;
    await producer.send([{ topic: published, key: "last", value: String(last) }]);
    await producer.commit();
    onCommit?.(last);
  }
}

if (import.meta.main) {
  const { access, ...publication } = JSON.parse(process.argv[2] ?? "") as Publication & {
    access: KafkaAccess;
  };
  const kafka = openKafka(access, "publisher");
  await publish(kafka, publication);
  await kafka.close();
}
