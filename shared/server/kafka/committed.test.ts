import fc from "fast-check";
import { expect, test } from "vitest";
import { offsetBehind, readableBatches } from "./committed.ts";

type Answer = Parameters<typeof readableBatches>[0];
type Batch = NonNullable<Answer["records"]>[number];

const mark = (type: number): Buffer => Buffer.from([0, 0, 0, type]);
const batch = (firstOffset: number, producerId: number, more: Partial<Batch> = {}): Batch =>
  ({
    ...{ firstOffset: BigInt(firstOffset), lastOffsetDelta: 0, producerId: BigInt(producerId) },
    ...{ attributes: 1 << 4, records: [{ key: null, value: Buffer.from(`${firstOffset}`) }] },
    ...more,
  }) as Batch;
const ending = (offset: number, producerId: number, how: "commit" | "abort"): Batch =>
  batch(offset, producerId, {
    attributes: (1 << 4) | (1 << 5),
    records: [{ key: mark(how === "abort" ? 0 : 1) }] as Batch["records"],
  });
const aborted = (producerId: number, firstOffset: number) => ({
  ...{ producerId: BigInt(producerId), firstOffset: BigInt(firstOffset) },
});
const offsetsOf = (answer: Answer, committed = true): number[] =>
  readableBatches(answer, committed).map(({ firstOffset }) => Number(firstOffset));

test("records of an aborted transaction are left out, also when its end is in the next answer", () => {
  const records = [batch(0, 7), batch(1, 8), batch(2, 7)];
  expect(offsetsOf({ records, abortedTransactions: [aborted(7, 0)] })).toEqual([1]);
});

test("a producer's committed transaction between two aborted ones is kept", () => {
  const records = [
    ...[batch(0, 7), ending(1, 7, "abort"), batch(2, 7), ending(3, 7, "commit")],
    ...[batch(4, 7), ending(5, 7, "abort"), batch(6, 7), ending(7, 7, "commit")],
  ];
  expect(offsetsOf({ records, abortedTransactions: [aborted(7, 4), aborted(7, 0)] })).toEqual([2, 6]);
});

test("a mark that compaction has emptied disturbs nothing, and is counted where reading goes on", () => {
  const emptied = batch(3, 7, { attributes: (1 << 4) | (1 << 5), records: [] });
  const answer = { records: [batch(2, 8), emptied], abortedTransactions: [aborted(9, 0)] };
  expect(offsetsOf(answer)).toEqual([2]);
  expect(offsetBehind(answer)).toBe(4n);
  expect(offsetBehind({ records: null, abortedTransactions: null })).toBeUndefined();
});

test("for any interleaving of transactions, exactly the records of committed ones are read", () => {
  const step = fc.record({
    producer: fc.integer({ min: 1, max: 3 }),
    act: fc.constantFrom("send", "send", "commit", "abort"),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const records: Batch[] = [];
      const open = new Map<number, number[]>();
      const wanted: number[] = [];
      const list: ReturnType<typeof aborted>[] = [];
      for (const { producer, act } of steps) {
        const offset = records.length;
        const sent = open.get(producer) ?? [];
        if (act === "send") {
          records.push(batch(offset, producer));
          open.set(producer, [...sent, offset]);
        } else if (sent.length > 0) {
          records.push(ending(offset, producer, act as "commit" | "abort"));
          if (act === "commit") wanted.push(...sent);
          else list.push(aborted(producer, sent[0] ?? 0));
          open.delete(producer);
        }
      }
      // Kafka sends nothing behind the begin of a transaction under way.
      const stable = Math.min(records.length, ...[...open.values()].map(([first = 0]) => first));
      const answer = {
        records: records.slice(0, stable),
        abortedTransactions: list.filter(({ firstOffset }) => firstOffset < stable),
      };
      const sorted = wanted.filter((offset) => offset < stable).sort((one, other) => one - other);
      expect(offsetsOf(answer)).toEqual(sorted);
    }),
  );
});
