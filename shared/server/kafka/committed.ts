/**
 * Leaves out what was aborted. Kafka sends aborted records to readers of committed ones too, with a list of where they begin. The library's
 * own filter forgets an aborted transaction whose end lies in the next answer, and delivers it. Pure.
 */
import type { fetchV17, RecordsBatch } from "@platformatic/kafka";

type Answer = Pick<fetchV17.FetchResponsePartition, "abortedTransactions" | "records">;

const IS_TRANSACTIONAL = 1 << 4;
const IS_CONTROL = 1 << 5;
const lastOffsetOf = ({ firstOffset, lastOffsetDelta }: RecordsBatch): bigint =>
  firstOffset + BigInt(lastOffsetDelta);

/** @returns the batches that hold records of people, without those of aborted transactions if only committed ones are wanted. */
export function readableBatches(
  { records, abortedTransactions }: Answer,
  committed: boolean,
): RecordsBatch[] {
  const begins = [...((committed && abortedTransactions) || [])].sort((one, other) =>
    one.firstOffset < other.firstOffset ? -1 : 1,
  );
  const aborting = new Set<bigint>();
  return (records ?? []).filter((batch) => {
    while (begins[0] && begins[0].firstOffset <= lastOffsetOf(batch))
      aborting.add((begins.shift() as { producerId: bigint }).producerId);
    if (!(batch.attributes & IS_CONTROL))
      return !(batch.attributes & IS_TRANSACTIONAL && aborting.has(batch.producerId));
    // A mark that compaction has emptied ends nothing: the transaction's records are gone too.
    if (batch.records[0]?.key?.readInt16BE(2) === ABORT) aborting.delete(batch.producerId);
    return false;
  });
}

/** The type of the mark that ends an aborted transaction. */
const ABORT = 0;

/** @returns the offset behind all batches, those that are left out too. */
export const offsetBehind = ({ records }: Answer): bigint | undefined => {
  const last = records?.at(-1);
  return last && lastOffsetOf(last) + 1n;
};
