/** The two uses of records by `kafka:tail`: it prints them, or checks the events among them. */
import { checkedEventOf, createEventCheck, type EventFault } from "../../../shared/event-check.ts";
import type { StoredRecord } from "../../../shared/server/kafka/records.ts";
import { Problem } from "../cli/problem.ts";

export type RecordReader = {
  /** Of one partition, in order. */
  take(records: readonly StoredRecord[]): void;
  /** Called every second. @param lag records that are left, marks of transactions included; undefined: not known yet. */
  tell(lag: bigint | undefined): void;
  /** @throws Problem when something was wrong. */
  end(): void;
};
type Filter = (record: StoredRecord) => boolean;
type Print = (line: string) => void;

/** Faults that are shown one by one; all are counted. */
const SHOWN = 20;

export const createPrinter = (isWanted: Filter, print: Print): RecordReader => ({
  take(records) {
    for (const record of records) if (isWanted(record)) print(lineOf(record));
  },
  tell: () => undefined,
  end: () => undefined,
});

/** Control characters stand only outside of the strings of JSON, or escaped in them, but topics of others may have anything. */
const lineOf = ({ partition, offset, key = "-", headers, value }: StoredRecord): string =>
  [`${partition}:${offset}`, key, headers.ce_type ?? "-", value === undefined ? "deleted" : String(value)]
    .join(" ")
    .replaceAll(/\p{Cc}/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** @param fromBeginning the topic has all events of a room, unless the first ones were dropped by time. */
export function createChecker(isWanted: Filter, print: Print, fromBeginning: boolean): RecordReader {
  const check = createEventCheck();
  /** Partitions that were read from their first record on: of these nothing was dropped. */
  const whole = new Map<number, boolean>();
  let faults = 0;
  let others = 0;

  return {
    take(records) {
      for (const record of records) {
        const { partition, offset, headers } = record;
        if (!whole.has(partition)) whole.set(partition, fromBeginning && offset === 0n);
        if (!isWanted(record)) continue;
        const event = checkedEventOf(headers);
        if (!event) others++;
        const fault = event && check.take(event, whole.get(partition));
        if (fault && ++faults <= SHOWN) print(wordsOf(fault));
      }
    },
    tell(lag) {
      const { events, rooms, repeats, gaps } = check.counts();
      print(`${events} events of ${rooms} rooms, lag ${lag ?? "?"}, ${repeats} repeats, ${gaps} gaps`);
    },
    end() {
      const { repeats, gaps } = check.counts();
      if (others > 0) throw new Problem(`${others} records are no events: --check is for topics of events`);
      if (faults > 0) throw new Problem(`${repeats} repeats, ${gaps} gaps`);
    },
  };
}

const wordsOf = ({ kind, room, seq, previous, last }: EventFault): string =>
  kind === "repeat"
    ? `repeat: ${room} ${seq} comes after ${last}`
    : `gap: ${room} ${seq} comes after ${last}, and says that it follows ${previous}`;
