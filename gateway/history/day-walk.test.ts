import fc from "fast-check";
import { expect, it } from "vitest";
import { type DaySpan, walkDays } from "./day-walk.ts";

type Row = { seq: number; day: string };

/** An archive in memory with the reads of PostgreSQL; `asked` has the days of each statement. */
function archiveOf(rows: Row[], unmapped: string[] = []) {
  const asked: string[][] = [];
  const byDay = Map.groupBy(rows, ({ day }) => day);
  const spans: DaySpan[] = [...byDay].map(([day, ofDay]) => {
    const seqs = ofDay.map(({ seq }) => seq);
    return { day, first: Math.min(...seqs), last: Math.max(...seqs) };
  });
  const everything = unmapped.map((day) => ({ day, first: 0, last: Number.MAX_SAFE_INTEGER }));
  return {
    asked,
    highestSpans: async (below: number, max: number) => {
      const mapped = spans.filter(({ first, day }) => first < below && !unmapped.includes(day));
      const highest = mapped.toSorted((a, b) => b.last - a.last).slice(0, max);
      return [...everything, ...highest];
    },
    read: async (named: DaySpan[], above: number, below: number, max: number) => {
      const days = named.map(({ day }) => day);
      asked.push(days);
      return rows
        .filter(({ seq, day }) => days.includes(day) && seq > above && seq < below)
        .toSorted((a, b) => b.seq - a.seq)
        .slice(0, max);
    },
  };
}
const highest = (rows: Row[], below: number, max: number): Row[] =>
  rows
    .filter(({ seq }) => seq < below)
    .toSorted((a, b) => b.seq - a.seq)
    .slice(0, max);

it("tells the same rows as a read of all days, however the days lie among one another", async () => {
  const row = fc.record({
    seq: fc.integer({ min: 1, max: 400 }),
    day: fc.integer({ min: 1, max: 150 }).map(String),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(row, { selector: ({ seq }) => seq, maxLength: 300 }),
      fc.integer({ min: 1, max: 420 }),
      fc.integer({ min: 1, max: 250 }),
      fc.array(fc.integer({ min: 1, max: 150 }).map(String), { maxLength: 100 }),
      async (rows, below, max, unmapped) => {
        const archive = archiveOf(rows, [...new Set(unmapped)]);
        expect(await walkDays(below, max, archive)).toEqual(highest(rows, below, max));
      },
    ),
    { numRuns: 300 },
  );
});

const daysInTurn = (days: number, each: number): Row[] =>
  Array.from({ length: days * each }, (_, index) => ({
    seq: index + 1,
    day: String(Math.floor(index / each)),
  }));

it("a page within a day, or over midnight, is one statement that names two days", async () => {
  for (const below of [5_050, 5_020, 5_001]) {
    const archive = archiveOf(daysInTurn(1_000, 100));
    expect(await walkDays(below, 51, archive)).toHaveLength(51);
    expect(archive.asked.map((days) => days.length)).toEqual([2]);
  }
});

it("where days are short no statement names more than two of them", async () => {
  const archive = archiveOf(daysInTurn(3_000, 1));
  const rows = await walkDays(2_000, 201, archive);
  expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 201 }, (_, index) => 1_999 - index));
  expect(Math.max(...archive.asked.map((days) => days.length))).toBe(2);
});
