import fc from "fast-check";
import { expect, it } from "vitest";
import { createDayMemory, type RoomSpan, type Stretch } from "./day-memory.ts";
import { LOWEST, walkDays } from "./day-walk.ts";

type Row = { seq: number; day: string };

/**
 * An archive in memory with the reads of PostgreSQL. `asked` has the days of each statement, `lookedUp` how often days
 * were looked up.
 */
function archiveOf(rows: Row[], unmapped: string[] = []) {
  const asked: string[][] = [];
  const mapped = (): RoomSpan[] =>
    [...Map.groupBy(rows, ({ day }) => day)]
      .filter(([day]) => !unmapped.includes(day))
      .map(([day, ofDay]) => {
        const seqs = ofDay.map(({ seq }) => seq);
        return { roomId: 1, day, first: Math.min(...seqs), last: Math.max(...seqs) };
      });
  const everything = unmapped.map((day) => ({
    ...{ roomId: 1, day },
    ...{ first: 0, last: Number.MAX_SAFE_INTEGER },
  }));
  const archive = {
    asked,
    lookedUp: 0,
    async daysBelow(below: number, max: number): Promise<Stretch> {
      archive.lookedUp++;
      const begun = mapped().filter(({ first }) => first < below);
      const spans = [...everything, ...begun.toSorted((a, b) => b.last - a.last).slice(0, max)];
      const stored = Math.max(0, ...rows.map(({ seq }) => seq));
      const above = spans.length < max ? LOWEST : (spans.at(-1)?.last ?? LOWEST);
      return { spans, above, below: Math.min(below, stored + 1) };
    },
    async read(named: RoomSpan[], above: number, below: number, max: number): Promise<Row[]> {
      const days = named.map(({ day }) => day);
      asked.push(days);
      return rows
        .filter(({ seq, day }) => days.includes(day) && seq > above && seq < below)
        .toSorted((a, b) => b.seq - a.seq)
        .slice(0, max);
    },
  };
  return archive;
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

it("a page within a day is one statement that names this day, and one over midnight names two", async () => {
  for (const [below, days] of [
    [5_090, 1],
    [5_052, 1],
    [5_051, 2],
    [5_001, 1],
  ] as const) {
    const archive = archiveOf(daysInTurn(1_000, 100));
    expect(await walkDays(below, 51, archive)).toHaveLength(51);
    expect([below, ...archive.asked.map((named) => named.length)]).toEqual([below, days]);
  }
});

it("where days are short no statement names more than two of them", async () => {
  const archive = archiveOf(daysInTurn(3_000, 1));
  const rows = await walkDays(2_000, 201, archive);
  expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 201 }, (_, index) => 1_999 - index));
  expect(Math.max(...archive.asked.map((days) => days.length))).toBe(2);
});

/** Pages that remember the days, as the gateway reads them. */
function remembering(archive: ReturnType<typeof archiveOf>, now?: () => number) {
  const memory = createDayMemory(now);
  return (below: number, max: number): Promise<Row[]> =>
    walkDays(below, max, {
      ...archive,
      daysBelow: (...place) => memory.below("room", place[0], () => archive.daysBelow(...place)),
    });
}

it("a reader who scrolls back has the days looked up once for many pages, and again after a minute", async () => {
  let now = 0;
  const archive = archiveOf(daysInTurn(100, 100));
  const page = remembering(archive, () => now);
  for (let below = 9_000; below > 5_000; below -= 50) expect(await page(below, 51)).toHaveLength(51);
  expect(archive.lookedUp).toBe(1);
  now = 60_000;
  await page(5_000, 51);
  expect(archive.lookedUp).toBe(2);
});

it("remembered days hide no row that was written since, however pages and writes alternate", async () => {
  const day = fc.integer({ min: 1, max: 100 }).map(String);
  const step = fc.oneof(
    fc.record({ write: fc.array(day, { minLength: 1, maxLength: 80 }) }),
    fc.record({ below: fc.integer({ min: 1, max: 500 }), max: fc.integer({ min: 1, max: 60 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const rows: Row[] = [];
      const page = remembering(archiveOf(rows));
      for (const each of steps) {
        if ("write" in each) rows.push(...each.write.map((of, n) => ({ seq: rows.length + n + 1, day: of })));
        else expect(await page(each.below, each.max)).toEqual(highest(rows, each.below, each.max));
      }
    }),
    { numRuns: 300 },
  );
});
