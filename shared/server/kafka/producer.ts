/**
 * A transactional producer. Each one is used until its first error, or until a connection is lost, and then thrown away: the library
 * forgets its identity after a failed step, so that another try of the same step could double. Owns no records: its caller reads back
 * what was committed.
 */
import type { Producer } from "@platformatic/kafka";
import { addToEntry, ENTRY_KEY, type Entry, type Unended } from "./ledger.ts";
import { closeQuietly, KafkaUnavailable, within } from "./outages.ts";
import { inBatches, type NewRecord } from "./records.ts";
import { toMessage } from "./to-message.ts";

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
  /**
   * False after an error, after a lost connection, and after `close`. Then a new one is to be opened, even without anything to send: it
   * ends what the death of a broker may have left without an end.
   */
  usable(): boolean;
  /** A transaction under way is aborted by the next producer of this transactional id, or by Kafka. Never fails, takes 2 s at most. */
  close(): Promise<void>;
};

/** Kafka gives up a transaction that takes longer, so that the readers of committed records wait no longer for it. */
export const TRANSACTION_MS = 15_000;
/** Less than a transaction may take. */
const STEP_MS = 10_000;

type Options = {
  /** The topic of entries about the transactions, if they are to outlive the death of a broker. */
  ledger: string | undefined;
  findUnended: () => Promise<Unended | undefined>;
  /** The deadline of each step. */
  stepMs: number | undefined;
};

/**
 * Fences: when this resolves, no other producer of this transactional id can commit any more, and its transaction under way is aborted.
 * So what is read afterwards (`read_committed`) is final.
 * @throws KafkaUnavailable, and of kind `fenced` when another producer came at the same moment.
 */
export async function openTransactions(
  producer: Producer,
  { ledger, findUnended, stepMs = STEP_MS }: Options,
): Promise<KafkaProducer> {
  let broken: KafkaUnavailable | undefined;
  let transaction: Transaction | undefined;
  let entry: Entry = {};
  producer.on("client:broker:disconnect", () => {
    broken ??= new KafkaUnavailable("network", "the connection to Kafka was lost");
  });
  // The library asks for the producer's identity at its first transaction only, which is why one begins here.
  let prepared: Transaction | undefined = await step("fencing", () => producer.beginTransaction());
  if (ledger !== undefined) await endUnended();

  return {
    async begin() {
      requireUsable();
      if (transaction) throw new Error("a transaction of this producer is under way");
      transaction = await next();
      entry = {};
    },
    async send(records) {
      for (const batch of inBatches(records)) await write(batch);
    },
    async commit() {
      if (ledger !== undefined && !isEmpty())
        await write([{ topic: ledger, partition: 0, key: ENTRY_KEY, value: JSON.stringify(entry) }]);
      await finish("commit");
    },
    abort: () => finish("abort"),
    usable: () => broken === undefined,
    close: () => giveUp(new KafkaUnavailable("closed", "this producer of Kafka was closed")),
  };

  async function endUnended(): Promise<void> {
    const unended = await step("looking for transactions without an end", findUnended);
    if (!unended) return;
    const { partitions, end } = unended;
    const topics = [...new Set(partitions.map(({ topic }) => topic))];
    const ending = await next();
    const places = partitions.map((each) => ({ ...each, value: Buffer.alloc(0) }));
    // Partitions that a transaction has no records in get the mark of its end too, and it ends what was before it.
    const metadata = await step("metadata", () => producer.metadata({ topics }));
    await step("ending a transaction", () => ending.addPartitions(metadata, places));
    await step(end, () => ending[end]());
  }

  async function next(): Promise<Transaction> {
    const begun = prepared ?? (await step("begin", () => producer.beginTransaction()));
    prepared = undefined;
    return begun;
  }

  async function write(records: readonly NewRecord[]): Promise<void> {
    const messages = records.map(toMessage);
    const { offsets = [] } = await step("send", () => underWay().send({ messages }));
    addToEntry(entry, offsets);
  }

  async function finish(how: "commit" | "abort"): Promise<void> {
    // Kafka knows nothing of a transaction without records, and refuses its end.
    await step(how, () => underWay()[isEmpty() ? "cancel" : how]());
    transaction = undefined;
  }

  function isEmpty(): boolean {
    return Object.keys(entry).length === 0;
  }

  function underWay(): Transaction {
    requireUsable();
    if (!transaction) throw new Error("no transaction of this producer is under way");
    return transaction;
  }

  function requireUsable(): void {
    if (broken) throw broken;
  }

  async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
    requireUsable();
    try {
      return await within(stepMs, name, work);
    } catch (error) {
      void giveUp(new KafkaUnavailable("closed", "this producer of Kafka was given up"));
      throw error;
    }
  }

  async function giveUp(why: KafkaUnavailable): Promise<void> {
    broken = why;
    await closeQuietly({ close: () => producer.close(true) });
  }
}
