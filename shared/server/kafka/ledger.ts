/**
 * Ends transactions whose end Kafka has lost. A broker that dies between the answer to a commit and the marks that end the transaction in
 * each partition may, when it is back, take a partition without a leader for a deleted one and leave its mark out: its records then wait
 * for ever, and the next transaction's end decides about them. So the last record of each transaction, in a topic of its own, says
 * where the others are, and who comes next ends what has no end, in all partitions alike.
 */
import type { Admin } from "@platformatic/kafka";
import type { Fetcher, Places } from "./fetch.ts";
import { endsOf } from "./places.ts";
import { readAll, readBetween } from "./read-all.ts";

export type Ledger = {
  /** Of the last records; compacted, one partition. */
  topic: string;
  /** The other topics of these transactions. */
  topics: readonly string[];
};

/** An offset of one transaction in each of its partitions. */
export type Entry = Record<string, Record<string, number>>;

/** Partitions, and how their transaction ends. */
export type Unended = { partitions: { topic: string; partition: number }[]; end: "commit" | "abort" };

/** The key of all entries. */
export const ENTRY_KEY = "last";

export function addToEntry(
  entry: Entry,
  written: readonly { topic: string; partition: number; offset: bigint }[],
): void {
  for (const { topic, partition, offset } of written) {
    const ofTopic = entry[topic] ?? {};
    entry[topic] = { ...ofTopic, [partition]: Number(offset) };
  }
}

/**
 * To be called when all other producers are fenced: a transaction that is under way then will not be ended by anybody.
 * @returns its partitions, and how it ended where Kafka did write its end, or `abort` where it did nowhere. Undefined if there is none.
 * @throws KafkaUnavailable
 */
export async function findUnended(
  admin: Admin,
  fetchFrom: Fetcher,
  { topic, topics }: Ledger,
): Promise<Unended | undefined> {
  const { committed: ended, all: ends, open: partitions } = await endsOf(admin, [topic, ...topics]);
  if (partitions.length === 0) return undefined;
  const isUnended = (name: string, partition: number): boolean =>
    partitions.some((each) => each.topic === name && each.partition === partition);
  let last: Entry = {};
  const visit = ({ value }: { value: Buffer | undefined }): void => {
    last = JSON.parse(String(value ?? "{}")) as Entry;
  };
  if (!isUnended(topic, 0)) {
    // The entry itself has its end: it tells of this transaction, unless that was aborted or never came to its entry.
    await readAll(admin, fetchFrom, topic, visit);
    const isOfIt = partitions.every(
      ({ topic: name, partition }) =>
        (ended.get(name)?.get(partition) ?? 0n) <= BigInt(last[name]?.[partition] ?? -1),
    );
    return { partitions, end: isOfIt ? "commit" : "abort" };
  }
  await readBetween(fetchFrom, { topic, starts: ended, ends, committed: false }, visit);
  const done = Object.entries(last)
    .flatMap(([name, offsets]) =>
      Object.entries(offsets).map(([partition, offset]) => ({
        ...{ name, partition: Number(partition), offset: BigInt(offset) },
      })),
    )
    .filter(({ name, partition }) => !isUnended(name, partition));
  for (const { name, partition, offset } of done)
    if (await isCommitted(fetchFrom, name, partition, offset)) return { partitions, end: "commit" };
  return { partitions, end: "abort" };
}

async function isCommitted(
  fetchFrom: Fetcher,
  topic: string,
  partition: number,
  offset: bigint,
): Promise<boolean> {
  const at = (place: bigint): Places => new Map([[topic, new Map([[partition, place]])]]);
  const [answer] = await fetchFrom(at(offset), true, 0);
  return answer?.records.some((record) => record.offset === offset) ?? false;
}
