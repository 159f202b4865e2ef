/**
 * Ends transactions whose end Kafka has lost. A broker that dies between the answer to a commit and the marks that end the transaction in
 * each partition may, when it is back, take a partition without a leader for a deleted one and leave its mark out: its records then wait
 * for ever, and the next transaction's end decides about them. So the last record of each transaction, in a topic of its own, says
 * where the others are, and who comes next ends what has no end, in all partitions alike.
 */
import type { Admin } from "@platformatic/kafka";
import type { Fetcher, Places } from "./fetch.ts";
import { KafkaUnavailable } from "./outages.ts";
import { type Ends, endsOf } from "./places.ts";
import { readAll, readBetween } from "./read-all.ts";
import type { StoredRecord } from "./records.ts";

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
 * @returns its partitions and its end, as Kafka decided it: `commit` if a commit was answered. Undefined if there is none.
 * @throws KafkaUnavailable
 */
export async function findUnended(
  admin: Admin,
  fetchFrom: Fetcher,
  { topic, topics }: Ledger,
): Promise<Unended | undefined> {
  const ends = await endsOf(admin, [topic, ...topics]);
  const { open: partitions } = ends;
  if (partitions.length === 0) return undefined;
  let last: Entry = {};
  const visit = ({ value }: Pick<StoredRecord, "value">): void => {
    last = JSON.parse(String(value ?? "{}")) as Entry;
  };
  if (partitions.some((each) => each.topic === topic)) {
    const range = { topic, starts: ends.committed, ends: ends.all, committed: false };
    await readBetween(fetchFrom, range, visit);
    return { partitions, end: (await isAborted(fetchFrom, last, partitions)) ? "abort" : "commit" };
  }
  await readAll(admin, fetchFrom, topic, visit);
  return { partitions, end: tellsOf(last, ends) ? "commit" : "abort" };
}

/** Of an entry that has its end: it tells of these partitions, unless its transaction was aborted or never came to an entry. */
const tellsOf = (entry: Entry, { open, committed }: Ends): boolean =>
  open.every(
    ({ topic, partition }) =>
      (committed.get(topic)?.get(partition) ?? 0n) <= BigInt(entry[topic]?.[partition] ?? -1),
  );

/**
 * Of an entry without an end. It was written last, so the transaction is whole, and may be committed unless Kafka has aborted it somewhere.
 * A record that retention has dropped tells nothing.
 */
async function isAborted(fetchFrom: Fetcher, entry: Entry, open: Unended["partitions"]): Promise<boolean> {
  for (const [topic, offsets] of Object.entries(entry))
    for (const [partition, offset] of Object.entries(offsets)) {
      const isOpen = open.some((each) => each.topic === topic && each.partition === Number(partition));
      if (isOpen) continue;
      const places: Places = new Map([[topic, new Map([[Number(partition), BigInt(offset)]])]]);
      if ((await has(fetchFrom, places, false)) && !(await has(fetchFrom, places, true))) return true;
    }
  return false;
}

/** Whether a record is at this one place. */
async function has(fetchFrom: Fetcher, places: Places, committed: boolean): Promise<boolean> {
  try {
    const [answer] = await fetchFrom(places, committed, 0);
    const wanted = answer && places.get(answer.topic)?.get(answer.partition);
    return answer?.records.some(({ offset }) => offset === wanted) ?? false;
  } catch (error) {
    if (error instanceof KafkaUnavailable && error.kind === "OFFSET_OUT_OF_RANGE") return false;
    throw error;
  }
}
