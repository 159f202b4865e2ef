/** Records as Suda writes and reads them. Pure. */

export type NewRecord = {
  topic: string;
  /** Without one, the partition is chosen by the key. */
  partition?: number;
  key?: string;
  /** Without one the record is a tombstone: it deletes its key from a compacted topic. */
  value?: Buffer | string;
  headers?: Record<string, string>;
};

export type StoredRecord = {
  topic: string;
  partition: number;
  offset: bigint;
  key: string | undefined;
  /** Undefined: a tombstone. */
  value: Buffer | undefined;
  headers: Record<string, string>;
  /** When Kafka got it or its producer made it, as the topic says; ms since the epoch. */
  at: number;
};

/** Far below the 1 MiB that Kafka takes for one batch by default. */
const MAX_BATCH_BYTES = 512 << 10;
/** The library makes dozens of buffers of each record, which the garbage collector copies when very many live at once. */
const MAX_RECORDS = 1_000;
/** Kafka's own bytes around a record. */
const OVERHEAD_BYTES = 32;

/** About: headers are ASCII, and where they are not, there is room. */
function bytesOf({ key = "", value = "", headers = {} }: NewRecord): number {
  let bytes =
    OVERHEAD_BYTES + key.length + (typeof value === "string" ? Buffer.byteLength(value) : value.length);
  for (const name of Object.keys(headers)) bytes += name.length + (headers[name]?.length ?? 0) + 2;
  return bytes;
}

/**
 * Cuts records, in order, into parts of a thousand at most, of which none has more for one partition than a batch may have; a record alone
 * may.
 */
export function inBatches(records: readonly NewRecord[]): NewRecord[][] {
  const parts: NewRecord[][] = [];
  let part: NewRecord[] = [];
  let bytes = new Map<string, number>();
  for (const record of records) {
    const place = `${record.topic}:${record.partition ?? ""}`;
    const sum = (bytes.get(place) ?? 0) + bytesOf(record);
    if (part.length === MAX_RECORDS || (part.length > 0 && sum > MAX_BATCH_BYTES)) {
      parts.push(part);
      part = [];
      bytes = new Map();
    }
    part.push(record);
    bytes.set(place, part.length === 1 ? bytesOf(record) : sum);
  }
  if (part.length > 0) parts.push(part);
  return parts;
}
