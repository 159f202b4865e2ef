import { afterAll, beforeAll, expect, it } from "vitest";
import { createLog } from "../../shared/server/process/logger.ts";
import { watchStatements } from "../../test/support/explain.ts";
import { createDatabase, type TestDatabase } from "../../test/support/postgres.ts";
import { migrate } from "../../worker/migrate.ts";
import { createArchiveQueries } from "./archive-queries.ts";
import { createDayMemory } from "./day-memory.ts";

const DAYS = 200;
const EACH = 100;
const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(2026, 0, 1);
const dayOf = (index: number): string => new Date(FIRST_DAY + index * DAY_MS).toISOString().slice(0, 10);

let database: TestDatabase;
let watched: ReturnType<typeof watchStatements>;
let archive: ReturnType<typeof createArchiveQueries>;

beforeAll(async () => {
  database = await createDatabase();
  watched = watchStatements(database.url);
  const { sql } = watched;
  await migrate(sql, createLog("test", "silent"));
  await sql`insert into rooms (name, title) values ('busy', 'busy'), ('quiet', 'quiet')`;
  for (let index = 0; index < DAYS; index++) {
    const [day, next] = [dayOf(index), dayOf(index + 1)];
    await sql.unsafe(
      `create table messages_${day.replaceAll("-", "")} partition of messages for values from ('${day}') to ('${next}')`,
    );
  }
  // A hundred messages a day in one room, one a day in the other, in the order of their times.
  await sql`
    insert into messages (room_id, seq, day, time, kind, user_id, nickname, client_id, text)
    select rooms.id, seq, ${dayOf(0)}::date + ((seq - 1) / each)::integer, time '00:00' + (seq - 1) % each * interval '1 minute',
      'message', '01936f6e-0000-7000-8000-000000000001', 'n', 'c' || seq, 'text ' || seq
    from (values ('busy', ${EACH}), ('quiet', 1)) as room (name, each)
    join rooms using (name)
    cross join lateral generate_series(1, each * ${DAYS}) as seq`;
  archive = createArchiveQueries(sql);
});
afterAll(async () => {
  await watched.close();
  await database.drop();
});

const seqsOf = (events: { seq: number }[]): number[] => events.map(({ seq }) => seq);
const down = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => from - index);

it.each([
  ["within a day", 10_090, [dayOf(100)]],
  ["over midnight", 10_010, [dayOf(99), dayOf(100)]],
])("a page %s touches only the days that it lies in", async (_, before, days) => {
  const statements = await watched.explained(async () => {
    expect(seqsOf(await archive.archived("busy", before, 51))).toEqual(down(before - 1, 51));
  });
  expect(statements.map(({ partitions }) => partitions)).toEqual([
    days.map((day) => `messages_${day.replaceAll("-", "")}`),
  ]);
});

it("remembered days spare a statement, and show nothing of a room that was deleted since", async () => {
  const { sql } = watched;
  const { archived } = createArchiveQueries(sql, () => 0, createDayMemory());
  const [gone] = await sql<{ id: number }[]>`
    insert into rooms (name, title, last_seq) values ('gone', 'gone', 9) returning id`;
  await sql`
    insert into messages (room_id, seq, day, time, kind, text)
    select ${gone?.id ?? 0}, n, ${dayOf(3)}, '12:00', 'message', 'x' from generate_series(1, 9) n`;
  expect(seqsOf(await archived("gone", 9, 3))).toEqual([8, 7, 6]);
  await sql`delete from room_days where room_id = ${gone?.id ?? 0}`;
  expect(seqsOf(await archived("gone", 6, 3))).toEqual([5, 4, 3]);
  await sql`delete from rooms where name = 'gone'`;
  expect(await archived("gone", 6, 3)).toEqual([]);
});

it("no statement opens more than two partitions, however short the days, in either direction", async () => {
  const statements = await watched.explained(async () => {
    expect(seqsOf(await archive.archived("quiet", 150, 51))).toEqual(down(149, 51));
    expect(seqsOf(await archive.archived("busy", 20_001, 501))).toEqual(down(20_000, 501));
    expect(seqsOf(await archive.archivedAfter("busy", 10_049, 201))).toEqual(down(10_250, 201).reverse());
    expect(seqsOf(await archive.archivedAfter("quiet", 149, 500))).toEqual(down(200, 51).reverse());
    expect(await archive.archived("nowhere", 10, 10)).toEqual([]);
  });
  expect(statements.length).toBeGreaterThan(30);
  expect(Math.max(...statements.map(({ partitions }) => partitions.length))).toBe(2);
});

it("one event with its deletion touches the day it lies in", async () => {
  const statements = await watched.explained(async () => {
    expect(await archive.find("busy", 5_000)).toMatchObject({
      seq: 5_000,
      text: "text 5000",
      deletion: undefined,
    });
    expect(await archive.find("busy", 50_000)).toBeUndefined();
  });
  expect(statements[0]?.partitions).toEqual([`messages_${dayOf(49).replaceAll("-", "")}`]);
  expect(statements[1]?.partitions).toEqual([]);
});

it("a deletion that the row does not name is found by reading on from it", async () => {
  const { sql } = watched;
  await sql`update messages set text = null, deleted = true where seq = 777 and text = 'text 777'`;
  await sql`update messages set kind = 'deleted', data = '{"target":777}' where seq in (1500, 1600) and text like 'text %'`;
  const statements = await watched.explained(async () => {
    expect(await archive.find("busy", 777)).toMatchObject({ deleted: true, deletion: 1_500 });
  });
  expect(Math.max(...statements.map(({ partitions }) => partitions.length))).toBe(2);
});

it("client ids since a time are looked for in the days since, and from the newest back", async () => {
  const since = FIRST_DAY + (DAYS - 1) * DAY_MS + 95 * 60_000;
  const statements = await watched.explained(async () => {
    expect(seqsOf(await archive.clientIdsSince("busy", since)).sort()).toEqual(down(20_000, 5).reverse());
  });
  expect(statements.map(({ partitions, limited }) => [partitions.length, limited])).toEqual([[1, true]]);
});

it("all client ids since a time are found, however many", async () => {
  const since = FIRST_DAY + (DAYS - 50) * DAY_MS;
  const statements = await watched.explained(async () => {
    expect(seqsOf(await archive.clientIdsSince("busy", since))).toEqual(down(20_000, 5_000));
    expect(seqsOf(await archive.clientIdsSince("quiet", since))).toEqual(down(200, 50));
  });
  expect(Math.max(...statements.map(({ partitions }) => partitions.length))).toBe(2);
});

it("client ids are found beneath an import of the same day, whose lines are older", async () => {
  const { sql } = watched;
  const [last, first, count] = [dayOf(DAYS - 1), 1_000_000, 6_000];
  const [room] = await sql<
    { id: number }[]
  >`insert into rooms (name, title) values ('joined', 'joined') returning id`;
  const id = room?.id ?? 0;
  await sql`
    with import as (insert into imports (fingerprint, tag) values ('f', 't') returning id)
    insert into imported_rooms (import_id, name, room_id, existed, first_seq, next_seq)
    select id, 'joined', ${id}, true, ${first}, ${first + count} from import`;
  const say = (from: number, until: number, time: string) => sql`
    insert into messages (room_id, seq, day, time, kind, user_id, client_id)
    select ${id}, n, ${last}, ${time}, 'message', '01936f6e-0000-7000-8000-000000000001', 'c' || n
    from generate_series(${from}::bigint, ${until}::bigint) n`;
  await say(1, 3, "22:00");
  await say(4, 6, "23:00");
  await say(first, first + count - 1, "01:00");
  await say(2 * first, 2 * first, "23:01");
  const since = Date.parse(`${last}T22:30:00Z`);
  expect(seqsOf(await archive.clientIdsSince("joined", since))).toEqual([2 * first, 6, 5, 4]);
});

it("a statement that was asked often locks the days that it names, as the first time", async () => {
  const locked = await watched.sql.begin(async (tx) => {
    for (let n = 0; n < 12; n++) await createArchiveQueries(tx).archived("busy", 10_010, 51);
    return tx<{ name: string }[]>`
      select relation::regclass::text as name from pg_locks
      where pid = pg_backend_pid() and relation::regclass::text ~ '^messages_[0-9]{8}$' order by name`;
  });
  expect(locked.map(({ name }) => name)).toEqual(
    [dayOf(99), dayOf(100)].map((day) => `messages_${day.replaceAll("-", "")}`),
  );
});

it("days that are not mapped yet are read all the same", async () => {
  const { sql } = watched;
  await sql`insert into unmapped_days select ${dayOf(0)}::date + n from generate_series(0, ${DAYS - 1}) n`;
  await sql`delete from room_days where day < ${dayOf(150)}`;
  expect(seqsOf(await archive.archived("busy", 10_010, 501))).toEqual(down(10_009, 501));
  expect(seqsOf(await archive.archivedAfter("quiet", 10, 500))).toEqual(down(200, 190).reverse());
  expect(await archive.find("busy", 5_000)).toMatchObject({ seq: 5_000 });
});
