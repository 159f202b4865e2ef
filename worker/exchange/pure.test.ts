/** The pure parts of an exchange, without any store. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { nextStep, type Span } from "./day-spans.ts";
import { readLine } from "./line.ts";
import { createProgress, duration } from "./progress.ts";
import { createRecentIds } from "./recent-ids.ts";
import { copyLine, dayOf, field, timeOf } from "./row.ts";
import { createRuns, gapsOf } from "./runs.ts";

const NOW = Date.UTC(2026, 0, 1);
const read = (line: object) =>
  readLine(JSON.stringify({ room: "r", at: 1, user: { nickname: "n" }, text: "t", ...line }), NOW);

it("any bytes are a line or a reason, never an error", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.object().map((value) => JSON.stringify(value)),
      ),
      (raw) => {
        const line = readLine(raw, NOW);
        expect(line.ok || line.reason.length > 0).toBe(true);
      },
    ),
  );
});

it("a text is kept as a message would be sent: cleaned, and cleaning it again changes nothing", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
      const first = read({ text });
      if (!first.ok) return;
      const again = read({ text: first.line.text });
      expect(again).toEqual(first);
    }),
  );
});

it.each([
  [{ room: "Room" }, "room: "],
  [{ room: `p-${"a".repeat(26)}` }, "room: "],
  [{ at: 1.5 }, "at: "],
  [{ at: NOW + 120_000 }, "at: "],
  [{ user: { id: "12" } }, "user.id: "],
  [{ user: { nickname: "\n" } }, "user.nickname: "],
  [{ user: "ann" }, "user: "],
  [{ clientId: "no way" }, "clientId: "],
  [{ title: " " }, "title: "],
  [{ text: "a\0b" }, "text: "],
  [{ text: "가".repeat(50_000) }, "text: "],
])("%j cannot be used, and the reason names the field", (line, reason) => {
  expect(read(line)).toMatchObject({ ok: false, reason: expect.stringMatching(`^${reason}`) });
});

it("a deleted message needs no text, and a text of it is dropped", () => {
  expect(read({ deleted: true, text: "secret" })).toMatchObject({ ok: true, line: { text: undefined } });
});

it("fields of COPY are read back as they were", () => {
  const back = (raw: string): string =>
    raw.replace(/\\(.)/g, (_, char: string) => ({ n: "\n", r: "\r", t: "\t" })[char] ?? char);
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const written = field(text);
      expect(written).not.toMatch(/[\t\n\r]/);
      expect(back(written)).toBe(text);
    }),
  );
  const row = {
    roomId: 1,
    seq: 2,
    at: 3,
    userId: undefined,
    nickname: "\\N",
    role: "admin",
    clientId: "c",
    text: undefined,
  };
  expect(copyLine(row)).toBe(
    '1\t2\t1970-01-01\t00:00:00.003\tmessage\t\\N\t\\\\N\tc\t\\N\tt\t{"role":"admin"}\n',
  );
});

it("day and time of any moment are those of its ISO form", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) }), (at) => {
      expect(`${dayOf(at)}T${timeOf(at)}Z`).toBe(new Date(at).toISOString());
    }),
  );
});

it("runs find each gap and each duplicate, in any order", () => {
  const run = fc.record({ first: fc.integer({ min: 1, max: 60 }), length: fc.integer({ min: 1, max: 8 }) });
  fc.assert(
    fc.property(
      fc.array(run, { maxLength: 12 }),
      fc.uniqueArray(fc.integer({ min: 1, max: 70 })),
      (given, known) => {
        const runs = createRuns();
        const present = new Set<number>();
        for (const { first, length } of given) {
          const seqs = Array.from({ length }, (_, n) => first + n);
          const twice = seqs.filter((seq) => present.has(seq));
          expect(runs.add({ first, last: first + length - 1 }) !== undefined).toBe(twice.length > 0);
          if (twice.length === 0) for (const seq of seqs) present.add(seq);
        }
        const all = [...present].sort((a, b) => a - b);
        const lacking = Array.from(
          { length: (all.at(-1) ?? 0) - (all[0] ?? 0) },
          (_, n) => (all[0] ?? 0) + n,
        ).filter((seq) => !present.has(seq) && !known.includes(seq));
        const { gaps, jumps } = gapsOf(runs.runs, (seq) => known.includes(seq));
        expect(
          gaps.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, n) => first + n)),
        ).toEqual(lacking);
        expect(jumps).toEqual([]);
      },
    ),
  );
});

it("where an epoch begins is a jump and no gap", () => {
  expect(
    gapsOf(
      [
        { first: 1, last: 5 },
        { first: 2_000_006, last: 2_000_007 },
      ],
      () => false,
    ),
  ).toEqual({
    jumps: [{ after: 5, to: 2_000_006 }],
    gaps: [],
  });
});

it("walking the days reads each row once and in order, also where days overlap", () => {
  const rows = fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { maxLength: 60 });
  fc.assert(
    fc.property(
      rows,
      fc.array(fc.nat(6), { minLength: 60, maxLength: 60 }),
      fc.integer({ min: 1, max: 9 }),
      (seqs, days, max) => {
        const dayOfSeq = new Map(seqs.map((seq, n) => [seq, `d${days[n]}`]));
        const spans: Span[] = [...Map.groupBy(seqs, (seq) => dayOfSeq.get(seq) ?? "")]
          .map(([day, some]) => ({ day, first: Math.min(...some), last: Math.max(...some) }))
          .sort((a, b) => a.first - b.first);
        const got: number[] = [];
        for (let step = nextStep(spans, 0); step !== undefined; ) {
          const { days: named, above, upTo } = step;
          const page = seqs
            .filter((seq) => seq > above && seq <= upTo && named.includes(dayOfSeq.get(seq) ?? ""))
            .sort((a, b) => a - b)
            .slice(0, max);
          got.push(...page);
          step = nextStep(spans, page.length < max ? upTo : (page.at(-1) ?? upTo));
        }
        expect(got).toEqual(seqs.toSorted((a, b) => a - b));
      },
    ),
  );
});

it("a client id is known again for a while, and never where it was not", () => {
  const isRepeated = createRecentIds(1 << 16);
  const ids = Array.from({ length: 1_000 }, (_, n) => `room author c${n}`);
  expect(ids.filter(isRepeated)).toEqual([]);
  expect(ids.filter(isRepeated).length).toBeGreaterThan(980);
});

it("progress says how many, how fast, and how long yet, now and then", () => {
  let now = 0;
  const said: string[] = [];
  const progress = createProgress(
    "lines",
    (line) => said.push(line),
    { count: 1_000, share: 0.1 },
    () => now,
  );
  now = 1_000;
  progress.tell({ count: 2_000, share: 0.2 });
  now = 10_000;
  progress.tell({ count: 31_000, share: 0.4 });
  progress.end({ count: 31_000 });
  expect(said).toEqual(["31,000 lines, 3,000/s, 40 %, 20 s left", "31,000 lines, 3,000/s"]);
  expect([5, 65, 3_700].map(duration)).toEqual(["5 s", "1 min 5 s", "1 h 1 min"]);
});
