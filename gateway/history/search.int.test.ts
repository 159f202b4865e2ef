/** Searches in a room over days with an index of words and days without, in any order of the worker's work. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createLog } from "../../shared/server/process/logger.ts";
import { watchStatements } from "../../test/support/explain.ts";
import { archiveRest } from "../../worker/archive.ts";
import { openTestEnvironment, type TestEnvironment } from "../../worker/testing/test-environment.ts";
import { createWordIndexing } from "../../worker/word-index.ts";
import { createWordIndexQueries } from "../../worker/word-index-queries.ts";
import { createSearch } from "./search.ts";
import { createSearchQueries } from "./search-queries.ts";
import { createFindUnstored } from "./unstored.ts";

const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(2026, 0, 1);
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
const DAYS = 6;
const log = createLog("test", "silent");

let environment: TestEnvironment;
beforeAll(async () => {
  environment = await openTestEnvironment();
});
afterAll(() => environment.close());

let count = 0;
const freshRoom = () => environment.startRoom(`room-${++count}`);
const archive = () => archiveRest(environment.deps, 20_000);

function openSearch({ now = (): number => 0, sql = environment.sql } = {}) {
  const gate = { through: <T>(_: string, work: () => Promise<T>) => work() };
  const needs = {
    ...{ log: environment.scripts, queries: createSearchQueries(sql), gate },
    findUnstored: createFindUnstored(environment.scripts),
  };
  return createSearch({ ...needs, redact: (json) => json, now });
}
type Said = { seq: number; text: string };
/** All hits, page by page. */
async function findAll(search: ReturnType<typeof openSearch>, room: string, words: string[], limit = 3) {
  const found: Said[] = [];
  for (let before: number | undefined, pages = 0; pages < 200; pages++) {
    const { hits, next } = await search(room, words, { before, limit }, "reader");
    found.push(...hits.map(({ event }) => JSON.parse(event) as Said));
    if (next === undefined) return found;
    before = next;
  }
  throw new Error("the pages have no end");
}
const indexOneDay = (today: number) => createWordIndexing(log, () => today)(environment.sql);
async function indexAll(today: number): Promise<void> {
  while (await indexOneDay(today));
}
const TODAY = FIRST_DAY + (DAYS - 1) * DAY_MS;

describe("a search in a room", () => {
  test("finds exactly the living messages with all words, newest first, with an index or without", async () => {
    const word = fc.constantFrom(
      "하늘",
      "하늘이",
      "Sky",
      "sky high",
      "ㅋㅋ",
      "구름",
      "a%b_c",
      "100%",
      "늘하",
    );
    const line = fc.record({
      day: fc.nat(DAYS - 1),
      text: fc.array(word, { minLength: 1, maxLength: 3 }),
      goes: fc.nat(5),
    });
    const queries = [["하늘"], ["sky"], ["HIGH", "sky"], ["ㅋㅋ"], ["%b"], ["없는"], ["하", "늘이"]];
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 25 }),
        fc.integer({ min: 0, max: DAYS }),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(25),
        async (lines, indexed, limit, stored) => {
          const room = await freshRoom();
          const other = await freshRoom();
          const living: Said[] = [];
          for (const [n, { day, text, goes }] of lines.toSorted((a, b) => a.day - b.day).entries()) {
            if (n === stored) await archive();
            const at = FIRST_DAY + day * DAY_MS + 1_000;
            const said = text.join(" ");
            await environment.sayAt(other, at, said);
            const seq = await environment.sayAt(room, at, said);
            if (goes === 0) {
              if (n < stored) await archive();
              await environment.remove(room, seq);
            } else living.unshift({ seq, text: said });
          }
          // Later ones are in the log only.
          if (stored >= lines.length) await archive();
          for (let n = 0; n < indexed; n++) await indexOneDay(TODAY);
          const search = openSearch();
          for (const query of queries) {
            const expected = living.filter(({ text }) =>
              query.every((each) => text.toLowerCase().includes(each.toLowerCase())),
            );
            const found = await findAll(search, room, query, limit);
            expect(found.map(({ seq }) => seq)).toEqual(expected.map(({ seq }) => seq));
          }
        },
      ),
      { numRuns: 8 },
    );
  }, 60_000);

  test("never shows a message whose deletion the worker has yet to write", async () => {
    const room = await freshRoom();
    const at = FIRST_DAY + 1_000;
    const seqs = [
      await environment.sayAt(room, at, "비밀번호"),
      await environment.sayAt(room, at, "비밀 둘"),
    ];
    await archive();
    await indexAll(TODAY);
    await environment.remove(room, seqs[0] ?? 0);
    const seqsFound = async () => (await findAll(openSearch(), room, ["비밀"])).map(({ seq }) => seq);
    expect(await seqsFound()).toEqual([seqs[1]]);
    await archive();
    expect(await seqsFound()).toEqual([seqs[1]]);
  });

  test("that has no time left says where it got to, and goes on from there", async () => {
    const room = await freshRoom();
    const expected: number[] = [];
    for (let day = -20; day < 0; day++)
      for (let n = 0; n < 3; n++) {
        const seq = await environment.sayAt(room, FIRST_DAY + day * DAY_MS + n, n === 1 ? "바늘" : "건초");
        if (n === 1) expected.unshift(seq);
      }
    await archive();
    await indexAll(TODAY);
    let clock = 0;
    const search = openSearch({
      now() {
        clock += 400;
        return clock;
      },
    });
    const first = await search(room, ["바늘"], { before: undefined, limit: 20 }, "reader");
    expect(first.next).toBeGreaterThan(1);
    expect(first.hits.length).toBeLessThan(expected.length);
    expect((await findAll(search, room, ["바늘"], 20)).map(({ seq }) => seq)).toEqual(expected);
  });

  test("opens no day but those it needs, and uses the index of a day that has one", async () => {
    const room = await freshRoom();
    const { sql } = environment;
    const day = FIRST_DAY + 3 * DAY_MS;
    await environment.sayAt(room, day + 1, "하나");
    await archive();
    await sql`insert into messages (room_id, seq, day, time, kind, client_id, text)
      select id, n, ${dayOf(day)}, '12:00', 'message', 'c' || n, 'filler ' || n
      from rooms, generate_series(2, 6000) n where name = ${room}`;
    await sql`update rooms set last_seq = 6000 where name = ${room}`;
    await indexAll(TODAY);
    await sql.unsafe(`analyze messages_${dayOf(day).replaceAll("-", "")}`);
    const watched = watchStatements(environment.database.url);
    const search = openSearch({ sql: watched.sql });
    const statements = await watched.explained(async () => {
      expect(await findAll(search, room, ["하나"])).toHaveLength(1);
    });
    const opened = new Set(statements.flatMap(({ partitions }) => partitions));
    expect([...opened]).toEqual([`messages_${dayOf(day).replaceAll("-", "")}`]);
    await watched.close();
  });
});

describe("the index of words", () => {
  test("is built of days that are over, the newest first, and again where a build was cut off", async () => {
    const { sql } = environment;
    await indexAll(TODAY);
    const table = `messages_${dayOf(TODAY - DAY_MS).replaceAll("-", "")}`;
    await sql.unsafe(`update pg_index set indisvalid = false where indexrelid = '${table}_words'::regclass`);
    const { nextWithoutWords } = createWordIndexQueries(sql);
    expect(await nextWithoutWords(dayOf(TODAY))).toEqual({
      ...{ day: dayOf(TODAY - DAY_MS), left: 1, isBroken: true },
    });
    expect(await indexOneDay(TODAY)).toBe(false);
    expect(await nextWithoutWords(dayOf(TODAY))).toBeUndefined();
    expect((await nextWithoutWords(dayOf(TODAY + DAY_MS)))?.day).toBe(dayOf(TODAY));
  });

  test("is built whatever a row holds", async () => {
    const room = await freshRoom();
    const at = FIRST_DAY + 3 * DAY_MS;
    await environment.sayAt(room, at + 1, "먼저");
    await archive();
    const { sql } = environment;
    const texts = ["오늘 말", "", " ", "a", "\n\t", "İ ẞ", "👨‍👩‍👧‍👦 둘", null];
    await sql`insert into messages (room_id, seq, day, time, kind, client_id, text)
      select id, 1 + n, ${dayOf(at)}, '12:00', 'message', 'c' || n, said
      from rooms, unnest(${texts}::text[]) with ordinality as given (said, n) where name = ${room}`;
    const { dropWords, buildWords } = createWordIndexQueries(sql);
    await dropWords(dayOf(at));
    await buildWords(dayOf(at));
    const { lookUp, daysBelow } = createSearchQueries(sql);
    const { spans } = await daysBelow(room, 100, 8);
    const found = await lookUp(room, spans, { above: 0, below: 100 }, ["오늘"], 5);
    expect(found.map(({ seq }) => seq)).toEqual([2]);
  });
});
