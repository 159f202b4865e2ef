/** Searches in days that are not over, whatever the indexes of their slices are: built, cut off, dropped, late or not there at all. */
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createLog } from "../../shared/server/process/logger.ts";
import { watchStatements } from "../../test/support/explain.ts";
import { ensureWeek } from "../../worker/partitions.ts";
import { openTestEnvironment, type TestEnvironment } from "../../worker/testing/test-environment.ts";
import { createWordIndexing } from "../../worker/word-index.ts";
import { createSearch } from "./search.ts";
import { createSearchQueries } from "./search-queries.ts";

const HOUR_MS = 3_600_000;
const FIRST_DAY = Date.UTC(2026, 0, 1);
const DAYS = 3;
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
const tableOf = (at: number): string => `messages_${dayOf(at).replaceAll("-", "")}`;
const log = createLog("test", "silent");

let environment: TestEnvironment;
beforeAll(async () => {
  environment = await openTestEnvironment();
  await ensureWeek(environment.sql, dayOf(FIRST_DAY));
});
afterAll(() => environment.close());
beforeEach(async () => {
  await environment.sql`truncate messages`;
  for (const name of await indexes()) await environment.sql.unsafe(`drop index ${name}`);
});

let count = 0;
const freshRoom = async (): Promise<string> => {
  const room = `room-${++count}`;
  await environment.addRoom(room);
  return room;
};
type Row = { seq: number; at: number; text: string };
/** Writes rows as the worker and imports do, whatever their times. */
async function write(room: string, rows: readonly Row[]): Promise<void> {
  const { sql } = environment;
  await sql`insert into messages (room_id, seq, day, time, kind, client_id, text)
    select id, seq, (timestamp '1970-01-01' + at * interval '1 ms')::date, (timestamp '1970-01-01' + at * interval '1 ms')::time,
      'message', 'c' || seq, said
    from rooms, unnest(${rows.map(({ seq }) => seq)}::bigint[], ${rows.map(({ at }) => at)}::float8[], ${rows.map(({ text }) => text)}::text[])
      as given (seq, at, said) where name = ${room}`;
  await sql`update rooms set last_seq = greatest(last_seq, ${Math.max(0, ...rows.map(({ seq }) => seq))}) where name = ${room}`;
}
async function indexes(): Promise<string[]> {
  const rows = await environment.sql<{ name: string }[]>`
    select relname as name from pg_class where relkind = 'i' and relname ~ '_words(_|$)' order by relname`;
  return rows.map(({ name }) => name);
}
const work = (now: number, minRows = 1) => createWordIndexing(log, () => now, minRows)(environment.sql);
const breakOff = (name: string) =>
  environment.sql.unsafe(`update pg_index set indisvalid = false where indexrelid = '${name}'::regclass`);

function openSearch({ now = (): number => 0, sql = environment.sql } = {}) {
  return createSearch({
    queries: createSearchQueries(sql),
    log: { deletedSeqs: async () => new Set<number>() },
    findUnstored: async (_room, _words, below) => ({ found: [], above: below - 1, isCut: false }),
    gate: { through: (_reader, read) => read() },
    ...{ redact: (json) => json, now },
  });
}
async function findAll(search: ReturnType<typeof openSearch>, room: string, words: string[], limit = 3) {
  const found: number[] = [];
  for (let before: number | undefined, pages = 0; pages < 500; pages++) {
    const { hits, next } = await search(room, words, { before, limit }, "reader");
    found.push(...hits.map(({ event }) => (JSON.parse(event) as { seq: number }).seq));
    if (next === undefined) return found;
    before = next;
  }
  throw new Error("the pages have no end");
}

describe("a search in days that are not over", () => {
  const word = fc.constantFrom("하늘", "하늘이", "Sky", "sky high", "ㅋㅋ", "구름", "a%b_c");
  const rows = fc.array(
    fc.record({ hours: fc.nat(DAYS * 24 - 1), text: fc.array(word, { minLength: 1, maxLength: 3 }) }),
    { minLength: 1, maxLength: 12 },
  );
  const hour = fc.nat(DAYS * 24 - 1);
  const act = fc.oneof(
    { weight: 4, arbitrary: fc.record({ act: fc.constant("write" as const), rows, isImport: fc.boolean() }) },
    { weight: 4, arbitrary: fc.record({ act: fc.constant("index" as const), hour }) },
    {
      weight: 2,
      arbitrary: fc.record({ act: fc.constantFrom("break" as const, "drop" as const), which: fc.nat(20) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ act: fc.constant("look" as const), later: fc.constantFrom(0, 31_000) }),
    },
  );
  const queries = [["하늘"], ["sky"], ["HIGH", "sky"], ["ㅋㅋ"], ["%b"], ["없는"], ["하", "늘이"]];

  test("finds what reading every row finds, newest first, in pages, whatever is indexed", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(act, { maxLength: 15 }),
        fc.integer({ min: 1, max: 4 }),
        async (acts, limit) => {
          const room = await freshRoom();
          const written: Row[] = [];
          let newest = 0;
          let clock = 0;
          const search = openSearch({ now: () => clock });
          for (const each of [...acts, { act: "look" as const, later: 60_000 }]) {
            if (each.act === "write") {
              const ats = each.rows.map(({ hours, text }) => ({
                at: FIRST_DAY + hours * HOUR_MS,
                text: text.join(" "),
              }));
              // Messages that were sent are in the order of their times; imported ones stand in any.
              const living = ats
                .map(({ at, text }) => ({ at: Math.max(at, newest), text }))
                .sort((a, b) => a.at - b.at);
              const first = (written.at(-1)?.seq ?? 0) + 1 + (each.isImport ? 1_000_000 : 0);
              // Far apart, because the newest 2,000 seqs are read before any index.
              const rows = (each.isImport ? ats : living).map((row, n) => ({ ...row, seq: first + n * 900 }));
              if (!each.isImport) newest = rows.at(-1)?.at ?? newest;
              await write(room, rows);
              written.push(...rows);
            } else if (each.act === "index") await work(FIRST_DAY + each.hour * HOUR_MS + HOUR_MS / 2);
            else if (each.act === "look") {
              clock += each.later;
              for (const query of queries) {
                const expected = written.filter(({ text }) =>
                  query.every((part) => text.toLowerCase().includes(part.toLowerCase())),
                );
                const seqs = expected.map(({ seq }) => seq).reverse();
                expect(await findAll(search, room, query, limit)).toEqual(seqs);
              }
            } else {
              const names = await indexes();
              const name = names[each.which % names.length];
              if (name)
                await (each.act === "break" ? breakOff(name) : environment.sql.unsafe(`drop index ${name}`));
            }
          }
        },
      ),
      { numRuns: 25 },
    );
  }, 120_000);
});

describe("the index of a slice", () => {
  const everyMinute = Array.from({ length: 24 * 60 }, (_, n) => ({
    ...{ seq: n + 1, at: FIRST_DAY + n * 60_000 },
    text: n % 97 === 0 ? "바늘" : `건초 ${n % 7}`,
  }));
  const table = tableOf(FIRST_DAY);
  const slices = ["0006", "0609"].map((hours) => `${table}_words_${hours}`);
  async function buildSlices(): Promise<void> {
    await work(FIRST_DAY + 6.1 * HOUR_MS);
    await work(FIRST_DAY + 9.1 * HOUR_MS);
  }

  test("is built once it is over and has rows enough, from the end of the last one on", async () => {
    const room = await freshRoom();
    await write(room, everyMinute.slice(0, 540));
    await work(FIRST_DAY + 3 * HOUR_MS + 60_000, 100);
    expect(await indexes()).toEqual([]);
    let now = FIRST_DAY + 3.1 * HOUR_MS;
    const look = createWordIndexing(log, () => now, 200);
    await look(environment.sql);
    // So few are counted once.
    await write(
      room,
      [...Array(50).keys()].map((n) => ({ seq: 1_001 + n, at: FIRST_DAY, text: "늦은 말" })),
    );
    await look(environment.sql);
    expect(await indexes()).toEqual([]);
    now += 3 * HOUR_MS;
    await look(environment.sql);
    await work(FIRST_DAY + 9.1 * HOUR_MS, 150);
    await work(FIRST_DAY + 12.1 * HOUR_MS, 1);
    expect(await indexes()).toEqual(slices);
  });

  test("is built again where a build was cut off", async () => {
    await write(await freshRoom(), everyMinute);
    await buildSlices();
    await breakOff(slices[1] ?? "");
    const { slices: usable } = await createSearchQueries(environment.sql).indexed();
    expect(usable.get(dayOf(FIRST_DAY))).toMatchObject([{ from: 0, to: 6 }]);
    await work(FIRST_DAY + 12.1 * HOUR_MS);
    expect(await indexes()).toEqual([slices[0], `${table}_words_0612`]);
  });

  test("goes once the whole day has an index, and not before", async () => {
    await write(await freshRoom(), everyMinute);
    await buildSlices();
    const tomorrow = FIRST_DAY + 24.1 * HOUR_MS;
    await work(tomorrow);
    expect(await indexes()).toEqual([`${table}_words`, ...slices]);
    await breakOff(`${table}_words`);
    await work(tomorrow);
    expect(await indexes()).toEqual([`${table}_words`, ...slices]);
    await work(tomorrow);
    expect(await indexes()).toEqual([`${table}_words`]);
  });

  test("comes to the same with two workers at once", async () => {
    await write(await freshRoom(), everyMinute);
    const at = FIRST_DAY + 6.1 * HOUR_MS;
    // The one that comes in between may fail, as one that meets an outage; the next look goes on.
    await Promise.allSettled(Array.from({ length: 4 }, () => work(at)));
    await work(at);
    expect(await indexes()).toEqual([slices[0]]);
    const { slices: usable } = await createSearchQueries(environment.sql).indexed();
    expect(usable.get(dayOf(FIRST_DAY))).toMatchObject([{ from: 0, to: 6 }]);
  });

  test("is what a rare word is found by, also one that was written late", async () => {
    const room = await freshRoom();
    const filler = Array.from({ length: 12_000 }, (_, n) => ({
      ...{ seq: n + 1, at: FIRST_DAY + n * 4_000 },
      text: `건초 더미 ${n % 7}`,
    }));
    await write(room, filler);
    await buildSlices();
    await write(room, [
      { seq: 12_001, at: FIRST_DAY + 5 * HOUR_MS, text: "늦은 바늘" },
      ...Array.from({ length: 2_500 }, (_, n) => ({
        seq: 12_002 + n,
        at: FIRST_DAY + 13.5 * HOUR_MS,
        text: "건초",
      })),
    ]);
    const watched = watchStatements(environment.database.url);
    const search = openSearch({ sql: watched.sql });
    const statements = await watched.explained(async () => {
      expect(await findAll(search, room, ["바늘"])).toEqual([12_001]);
    });
    await watched.close();
    const used = statements.flatMap(({ indexes }) => indexes).filter((name) => name.includes("_words"));
    expect([...new Set(used)].sort()).toEqual(slices);
  });

  test("is not taken for that of the whole day by a gateway of the release before", async () => {
    await write(await freshRoom(), everyMinute);
    await buildSlices();
    const former = await environment.sql`
      select relname from pg_index join pg_class on pg_class.oid = indexrelid
      where indisvalid and relname ~ '^messages_[0-9]{8}_words$'`;
    expect(former).toEqual([]);
  });
});
