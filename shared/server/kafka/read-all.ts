/** Reads whole topics, from their first record to where they end at the call. */
import type { Admin } from "@platformatic/kafka";
import type { Fetcher, Places } from "./fetch.ts";
import { endsOf, placesOf } from "./places.ts";
import type { StoredRecord } from "./records.ts";

/** Nothing has to be waited for: all of it is there already. */
const WAIT_MS = 0;

/**
 * Visits the committed records of a topic, in order for each partition. Everything that was committed before the call is among them. Of a
 * compacted topic that has at least the last record of each key.
 * @throws KafkaUnavailable
 */
export async function readAll(
  admin: Admin,
  fetchFrom: Fetcher,
  topic: string,
  visit: (record: StoredRecord) => void,
): Promise<void> {
  const { committed: ends } = await endsOf(admin, [topic]);
  const starts = await placesOf(admin, [topic], "start", true);
  await readBetween(fetchFrom, { topic, starts, ends, committed: true }, visit);
}

type Range = { topic: string; starts: Places; ends: Places; committed: boolean };

/** Visits the records of a topic from `starts` to before `ends`. @throws KafkaUnavailable */
export async function readBetween(
  fetchFrom: Fetcher,
  { topic, starts, ends: allEnds, committed }: Range,
  visit: (record: StoredRecord) => void,
): Promise<void> {
  const ends = allEnds.get(topic) ?? new Map<number, bigint>();
  const places: Places = new Map([[topic, new Map(starts.get(topic))]]);
  const left = places.get(topic) ?? new Map<number, bigint>();
  const forget = (partition: number, next: bigint): void => {
    if (next >= (ends.get(partition) ?? 0n)) left.delete(partition);
    else left.set(partition, next);
  };
  for (const [partition, start] of [...left]) forget(partition, start);
  while (left.size > 0) {
    for (const { partition, next, records } of await fetchFrom(places, committed, WAIT_MS)) {
      const end = ends.get(partition) ?? 0n;
      for (const record of records) if (record.offset < end) visit(record);
      forget(partition, next);
    }
  }
}
