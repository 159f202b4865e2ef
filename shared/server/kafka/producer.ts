/**
 * A transactional producer. Each one is used until its first error and then thrown away, because the library forgets its identity after
 * a failed step: another try of the same step could double. Owns no records: its caller reads back what was committed.
 */
import type { Producer } from "@platformatic/kafka";
import { closeQuietly, KafkaUnavailable, within } from "./outages.ts";
import { inBatches, type NewRecord } from "./records.ts";

type Transaction = NonNullable<Producer["transaction"]>;

export type KafkaProducer = {
  /** Begins a transaction. One at a time. */
  begin(): Promise<void>;
  /** Adds records to the transaction, in order for each partition. They are stored, and visible once committed. */
  send(records: readonly NewRecord[]): Promise<void>;
  /** Everything that was sent becomes visible, or after an error perhaps: reading it back tells. */
  commit(): Promise<void>;
  /** Nothing that was sent becomes visible. */
  abort(): Promise<void>;
  /** False after an error, and after `close`. */
  usable(): boolean;
  /** A transaction under way is aborted by the next producer of this transactional id, or by Kafka. Never fails, takes 2 s at most. */
  close(): Promise<void>;
};

/** Kafka gives up a transaction that takes longer, so that the readers of committed records wait no longer for it. */
export const TRANSACTION_MS = 15_000;
/** Less than a transaction may take. */
const STEP_MS = 10_000;

/**
 * Fences: when this resolves, no other producer of this transactional id can commit any more, and its transaction under way is aborted.
 * So what is read afterwards (`read_committed`) is final.
 * @throws KafkaUnavailable, and of kind `fenced` when another producer came at the same moment.
 */
export async function openTransactions(producer: Producer, stepMs = STEP_MS): Promise<KafkaProducer> {
  let broken = false;
  let transaction: Transaction | undefined;
  let isEmpty = true;
  // The library asks for the producer's identity at its first transaction only, which is why one begins here.
  let prepared: Transaction | undefined = await step("fencing", () => producer.beginTransaction());

  return {
    async begin() {
      requireUsable();
      if (transaction) throw new Error("a transaction of this producer is under way");
      transaction = prepared ?? (await step("begin", () => producer.beginTransaction()));
      prepared = undefined;
      isEmpty = true;
    },
    async send(records) {
      if (records.length > 0) isEmpty = false;
      for (const batch of inBatches(records))
        await step("send", () => underWay().send({ messages: batch.map(toMessage) }));
    },
    commit: () => finish("commit"),
    abort: () => finish("abort"),
    usable: () => !broken,
    async close() {
      broken = true;
      await closeQuietly({ close: () => producer.close(true) });
    },
  };

  function requireUsable(): void {
    if (broken) throw new KafkaUnavailable("closed", "this producer of Kafka was given up");
  }

  function underWay(): Transaction {
    requireUsable();
    if (!transaction) throw new Error("no transaction of this producer is under way");
    return transaction;
  }

  async function finish(how: "commit" | "abort"): Promise<void> {
    // Kafka knows nothing of a transaction without records, and refuses its end.
    await step(how, () => underWay()[isEmpty ? "cancel" : how]());
    transaction = undefined;
  }

  async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
    requireUsable();
    try {
      return await within(stepMs, name, work);
    } catch (error) {
      broken = true;
      void closeQuietly({ close: () => producer.close(true) });
      throw error;
    }
  }
}

const toMessage = ({ topic, partition, key, value, headers = {} }: NewRecord) => ({
  topic,
  ...(partition === undefined ? {} : { partition }),
  ...(key === undefined ? {} : { key: Buffer.from(key) }),
  ...(value === undefined ? {} : { value: Buffer.from(value as string) }),
  headers: new Map(Object.entries(headers).map(([name, text]) => [Buffer.from(name), Buffer.from(text)])),
});
