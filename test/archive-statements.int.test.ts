/**
 * Finds every statement on `messages` in the sources and runs it on an archive of many days: it opens few partitions,
 * touches few pages and is planned quickly, whatever the age of the archive.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { createArchiveQueries } from "../gateway/history/archive-queries.ts";
import { createAuthorQueries } from "../gateway/history/author-queries.ts";
import { createSearchQueries } from "../gateway/history/search-queries.ts";
import { BIG_ROOM, fixtureLines } from "../load-tests/archive-fixture.ts";
import type { Sql } from "../shared/server/postgres/pool.ts";
import { createClosedAccountQueries } from "../worker/closed-account-queries.ts";
import { createDayMapQueries } from "../worker/day-map-queries.ts";
import { readEvent } from "../worker/event-row.ts";
import { exportArchive } from "../worker/exchange/export.ts";
import { createImportWriteQueries } from "../worker/exchange/import-queries.ts";
import { recallIds } from "../worker/exchange/recall-ids.ts";
import { openExchange } from "../worker/exchange/testing/exchange.ts";
import { createVerifyQueries } from "../worker/exchange/verify-queries.ts";
import { BOUNDS, gather } from "../worker/kafka/gather.ts";
import { createOutboxQueries } from "../worker/kafka/outbox-queries.ts";
import { createPublishQueries } from "../worker/kafka/publish-queries.ts";
import { createReplayQueries } from "../worker/kafka/replay-queries.ts";
import { createPushQueries } from "../worker/push/push-queries.ts";
import { createRemovalQueries } from "../worker/removal-queries.ts";
import { createRoomQueries } from "../worker/room-queries.ts";
import { AUTHOR, openTestEnvironment, type TestEnvironment } from "../worker/testing/test-environment.ts";
import { createWordIndexQueries } from "../worker/word-index-queries.ts";
import { writeBatch } from "../worker/write-batch.ts";
import { type Analyzed, ON_MESSAGES, openAnalyzer } from "./support/analyze.ts";
import { type Quoted, quotedTexts } from "./support/declarations.ts";
import { readText } from "./support/sources.ts";

const DAYS = 400;
const ROWS = 40_000;
const BIG = 24_000;
const BUSY = 10_000;
const UNTIL = "2026-06-30";
const DAY_MS = 86_400_000;
/** The size of a batch; the cost grows with it. */
const BATCH = 20;

const MAX_PARTITIONS = 3;
const MAX_BUFFERS = 300;
const MAX_PLANNING_MS = 5;

/** Statements that handle many rows on purpose, with a bound on their number. `max`: rows of one statement. `partitions`: where more than usual. */
const PIECES: Record<string, { max: number; because: string; partitions?: number }> = {
  "worker/closed-account-queries.ts eraseNames": {
    max: 200_000,
    because: "a day's rows are looked through",
  },
  "gateway/history/author-queries.ts spokenSince": {
    max: 250_000,
    because: "a moderator removes what a user said in the last hour",
  },
  "worker/removal-queries.ts blank": { max: 250_000, because: "the same, in the archive" },
  "worker/removal-queries.ts findUnapplied": { max: 200_000, because: "once at start, of two days" },
  "gateway/history/search-queries.ts find": {
    max: 20_000,
    because: "a day without an index of words is read; with one, eight days are looked up at once",
    partitions: 8,
  },
  "gateway/history/search-queries.ts earlierThan": {
    max: 20_000,
    because: "rows between two slices are read",
  },
  "worker/word-index-queries.ts hasRows": { max: 200_000, because: "a slice of today is counted, once" },
  "worker/day-map-queries.ts mapDay": { max: 200_000, because: "a day is mapped" },
  "worker/room-queries.ts removeMessages": {
    max: 6_000,
    because: "a deleted room is emptied, 2,000 at a time",
  },
  "worker/exchange/export-queries.ts readLines": { max: 5_000, because: "a room is exported" },
  "worker/kafka/publish-queries.ts readEvents": {
    max: 2 * BOUNDS.rows,
    because: "the next events of many rooms are published, and a row of each day decides which",
    partitions: BOUNDS.days,
  },
  "worker/kafka/publish-queries.ts findRemoved": {
    max: 250_000,
    because: "a moderator removes what a user said in the last hour, and Kafka is to forget it",
  },
  "worker/exchange/verify-queries.ts findRuns": { max: 200_000, because: "all rows are verified" },
  "worker/exchange/import-id-queries.ts readIds": { max: 5_000, because: "an import is continued" },
  "worker/exchange/import-queries.ts copyRows": { max: 20_000, because: "an archive is imported" },
};
/** The pages for each row of such a statement: the path down an index, and the row. */
const MAX_BUFFERS_A_ROW = 6;

const SERVERS = /^(gateway|worker|shared|infra)\//;

let environment: TestEnvironment;
let analyzer: ReturnType<typeof openAnalyzer>;
let roomId = 0;
let busyId = 0;
let middle = { seq: 0, day: "" };

beforeAll(async () => {
  environment = await openTestEnvironment();
  const exchange = openExchange(environment);
  const fixture = { rows: ROWS, days: DAYS, rooms: 5, big: BIG, until: UNTIL };
  await exchange.import([...fixtureLines(fixture)].join(""));
  // A room with many messages in one day.
  const busy = [...fixtureLines({ ...fixture, ...{ rows: BUSY, days: 1, rooms: 1, big: BUSY } })].join("");
  await exchange.import(busy.replaceAll(`"${BIG_ROOM}"`, '"busy"'));
  exchange.close();
  const { sql } = environment;
  await sql`analyze messages`;
  await sql`analyze room_days`;
  const rooms = await sql<
    { id: number }[]
  >`select id from rooms where name in (${BIG_ROOM}, 'busy') order by name`;
  [roomId, busyId] = rooms.map(({ id }) => id) as [number, number];
  const [day] = await sql<{ seq: number; day: string }[]>`
    select first_seq::float8 as seq, day::text from room_days
    where room_id = ${roomId} order by day offset ${DAYS / 2} limit 1`;
  if (day) middle = day;
  analyzer = openAnalyzer(environment.database.url);
}, 180_000);
afterAll(async () => {
  await analyzer?.close();
  await environment?.close();
});

/** Rows like those of the worker: messages, and a deletion of an old one. */
function batch(from: number) {
  const at = Date.parse(UNTIL) + DAY_MS - 5_000;
  const events = Array.from({ length: BATCH }, (_, n) => {
    const common = { room: BIG_ROOM, seq: from + n, at: at + n, clientId: `b${n}` };
    return n === 0
      ? { ...common, type: "deleted", target: middle.seq, by: AUTHOR.id }
      : { ...common, type: "message", user: AUTHOR, text: "말" };
  });
  const read = events.map((event) => readEvent(BIG_ROOM, { seq: event.seq, json: JSON.stringify(event) }));
  return {
    rows: read.flatMap((each) => (each.ok ? [each.row] : [])),
    unreadable: [],
    upTo: new Map(),
    epochs: new Map(),
  };
}

/** All work on `messages`, by name. */
const WORK: Record<string, (sql: Sql) => Promise<unknown>> = {
  "a page": (sql) => createArchiveQueries(sql).archived(BIG_ROOM, middle.seq, 51),
  "a page of a quiet room": (sql) => createArchiveQueries(sql).archived(`${BIG_ROOM}-1`, 500, 51),
  "a page of a busy day": (sql) => createArchiveQueries(sql).archived("busy", BUSY / 2, 51),
  "what is newer, for a resume": (sql) => createArchiveQueries(sql).archivedAfter(BIG_ROOM, middle.seq, 501),
  "a search in days that are indexed": async (sql) => {
    const { daysBelow, lookUp } = createSearchQueries(sql);
    const { spans } = await daysBelow(BIG_ROOM, middle.seq, 8);
    await lookUp(BIG_ROOM, spans, { above: 0, below: middle.seq }, ["nowhere"], 21);
  },
  "a search in today": async (sql) => {
    const { daysBelow, scan } = createSearchQueries(sql);
    const { spans } = await daysBelow("busy", BUSY, 1);
    await scan("busy", spans, { above: 0, below: BUSY }, ["nowhere"], 21);
  },
  "how far the rows of a slice of today reach": async (sql) => {
    const { daysBelow, earlierThan } = createSearchQueries(sql);
    const [span] = (await daysBelow("busy", BUSY, 1)).spans;
    if (span) await earlierThan(span, 23, { above: 0, below: BUSY }, 20_000);
  },
  "whether a slice of today is worth an index": (sql) =>
    createWordIndexQueries(sql).hasRows(middle.day, { from: 0, to: 24 }, 5_000),
  "the news of pushes": (sql) =>
    createPushQueries(sql).findNews([
      { userId: AUTHOR.id, roomId: busyId, seq: BUSY / 2, day: middle.day, kind: "mention", count: 1 },
    ]),
  "one event": (sql) => createArchiveQueries(sql).find(BIG_ROOM, middle.seq),
  "client ids of two minutes": (sql) =>
    createArchiveQueries(sql).clientIdsSince(BIG_ROOM, Date.parse(UNTIL) + DAY_MS - 120_000),
  "a batch of new events": (sql) => writeBatch(sql, batch(1_000_000), async () => new Set()),
  "a batch that was written before": (sql) => writeBatch(sql, batch(BIG - BATCH), async () => new Set()),
  "what an author said in the last hour": (sql) =>
    createAuthorQueries(sql).spokenSince("busy", AUTHOR.id, Date.parse(UNTIL) + DAY_MS - 3_600_000, 5_000),
  "a removal of it": (sql) =>
    createRemovalQueries(sql).blank(
      {
        ...{ room: BIG_ROOM, roomId, seq: middle.seq + 200, from: middle.seq, author: AUTHOR.id },
        ...{ by: AUTHOR.id, day: UNTIL, time: "12:00" },
      },
      middle.day,
    ),
  "a pin of a removed message": (sql) =>
    createRemovalQueries(sql).unpin(
      {
        ...{ room: BIG_ROOM, roomId, seq: middle.seq + 200, from: middle.seq, author: AUTHOR.id },
        ...{ by: AUTHOR.id, day: UNTIL, time: "12:00" },
      },
      middle.day,
    ),
  "removals that an older worker left": (sql) => createRemovalQueries(sql).findUnapplied(middle.day),
  "events for Kafka, from the beginning": (sql) =>
    gather(createPublishQueries(sql, ["public"]), [BIG_ROOM, "busy", `${BIG_ROOM}-1`], () => 0),
  "events for Kafka, in the middle": (sql) =>
    gather(createPublishQueries(sql, ["public"]), [BIG_ROOM], () => middle.seq),
  "messages of a removal, for Kafka": (sql) =>
    createPublishQueries(sql, ["public"]).findRemoved(
      { roomId, seq: middle.seq + 200, author: AUTHOR.id, from: middle.seq },
      middle.day,
    ),
  "messages that changed, for Kafka": (sql) =>
    createOutboxQueries(sql).readMessages(middle.day, [{ roomId, seq: middle.seq }]),
  "the beginning of a replay": (sql) =>
    createReplayQueries(sql).findSeqs(BIG_ROOM, { from: middle.day, until: UNTIL }),
  "names of closed accounts": (sql) => createClosedAccountQueries(sql).eraseNames([AUTHOR.id], middle.day),
  "the map of a day": (sql) => createDayMapQueries(sql).mapDay(middle.day),
  "a piece of a deleted room": (sql) => createRoomQueries(sql).removeMessages(roomId, 2_000),
  "a piece of a deleted busy room": (sql) => createRoomQueries(sql).removeMessages(busyId, 2_000),
  "an export": (sql) =>
    exportArchive({
      sql,
      room: BIG_ROOM,
      days: {
        from: middle.day,
        to: new Date(Date.parse(middle.day) + 7 * DAY_MS).toISOString().slice(0, 10),
      },
      write: async () => undefined,
      onProgress: () => undefined,
    }),
  "a day's runs": (sql) => createVerifyQueries(sql).findRuns(middle.day, { roomId: 0, seq: 0 }, 200_000),
  "client ids of an import that is continued": (sql) =>
    recallIds(
      sql,
      [{ name: "busy", roomId: busyId, existed: false, firstSeq: 1, nextSeq: BUSY }],
      "x",
      () => false,
    ),
  "a piece of an import": (sql) =>
    sql.begin((tx) =>
      createImportWriteQueries(tx).copyRows(
        [0, 1, 2].map((n) => `${roomId}\t${2_000_000 + n}\t${UNTIL}\t12:00\tmessage\t\\N\tn\tc\tt\tf\t\\N\n`),
      ),
    ),
};

/** Whether the statement was built from this text. */
const isFrom = ({ parts }: Quoted, statement: string): boolean =>
  new RegExp(parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("[\\s\\S]*?")).test(
    statement,
  );
const placeOf = ({ path, name }: Quoted): string => `${path} ${name}`;

test("every statement on messages opens at most 3 partitions, touches at most 300 pages and is planned within 5 ms", async () => {
  const quoted = quotedTexts(SERVERS, ON_MESSAGES);
  expect(quoted.length).toBeGreaterThan(12);
  const ran = new Set<Quoted>();
  const faults: string[] = [];
  for (const [name, work] of Object.entries(WORK)) {
    const statements = await analyzer.analyzed(work);
    expect([name, statements.length > 0]).toEqual([name, true]);
    for (const analyzed of statements) {
      const from = quoted.find((each) => isFrom(each, analyzed.statement));
      if (from) ran.add(from);
      faults.push(...faultsOf(from ? placeOf(from) : analyzed.statement, analyzed));
    }
  }
  expect(quoted.filter((each) => !ran.has(each)).map(placeOf), "statements that nothing here runs").toEqual(
    [],
  );
  expect(faults).toEqual([]);
  const places = new Set(quoted.map(placeOf));
  expect(Object.keys(PIECES).filter((place) => !places.has(place))).toEqual([]);
});

/** In note_pins: planned each time, with its day as a constant. */
const OF_ONE_DAY = "from messages where day = %L and";

test("no function of the schema runs a statement on messages, but for one of a single day", () => {
  const functions = readText("worker/schema.sql").match(
    /^create or replace function[\s\S]*?\$function\$;$/gim,
  );
  expect(functions?.length).toBeGreaterThan(5);
  expect(functions?.filter((text) => ON_MESSAGES.test(text.replace(OF_ONE_DAY, "")))).toEqual([]);
});

function faultsOf(place: string, { partitions, buffers, planningMs, rows }: Analyzed): string[] {
  const piece = PIECES[place];
  const maxBuffers = piece ? MAX_BUFFERS + MAX_BUFFERS_A_ROW * Math.min(rows, piece.max) : MAX_BUFFERS;
  return [
    ...(partitions.length > (piece?.partitions ?? MAX_PARTITIONS)
      ? [`${place} opens ${partitions.length} partitions`]
      : []),
    ...(buffers > maxBuffers ? [`${place} touches ${buffers} pages for ${rows} rows`] : []),
    ...(planningMs > MAX_PLANNING_MS ? [`${place} is planned in ${planningMs} ms`] : []),
    ...(piece && rows > piece.max ? [`${place} looks at ${rows} rows`] : []),
  ];
}
