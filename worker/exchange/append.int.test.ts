/** Archives that are imported into existing rooms, and imports that conflict with others or are abandoned. */
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { archiveRest } from "../archive.ts";
import { emptyClosed } from "../testing/empty-closed.ts";
import { openTestEnvironment, type TestEnvironment } from "../testing/test-environment.ts";
import { archiveOf, openExchange } from "./testing/exchange.ts";
import { verifyArchive } from "./verify.ts";

let environment: TestEnvironment;
let exchange: ReturnType<typeof openExchange>;
let room = "";
let count = 0;
beforeAll(async () => {
  environment = await openTestEnvironment();
});
afterAll(() => environment.close());
beforeEach(() => {
  exchange = openExchange(environment);
  room = `live-${++count}`;
  return () => exchange.close();
});

const linesOf = (amount: number): string =>
  archiveOf(
    Array.from({ length: amount }, (_, n) => ({
      ...{ room, at: Date.UTC(2025, 0, 1) + n * 3_600_000, user: { nickname: "f1" }, text: `old ${n}` },
    })),
  );
const oldTexts = (amount: number): string[] => Array.from({ length: amount }, (_, n) => `old ${n}`);
const placesOf = async (): Promise<{ lastSeq: number; top: number } | undefined> =>
  (
    await environment.sql<{ lastSeq: number; top: number }[]>`
      select last_seq::float8 as "lastSeq", (select max(seq) from messages where room_id = rooms.id)::float8 as top
      from rooms where name = ${room}`
  )[0];
const live = (): Promise<string> => environment.startRoom(room);
const faults = async () =>
  (await verifyArchive({ sql: environment.sql, heads: environment.scripts.heads })).faults;

it("events that only Redis had are written before the archive counts, and nothing is a dead letter later", async () => {
  await live();
  const seq = await environment.say(room, "one");
  await archiveRest(environment.deps, 5_000);
  await environment.say(room, "two");
  await environment.say(room, "three");
  await environment.remove(room, seq);
  expect(await exchange.import(linesOf(30), { append: true })).toMatchObject({ rejected: 0, rooms: 1 });
  expect(await environment.texts(room)).toEqual([null, "two", "three", null, ...oldTexts(30)]);
  const places = await placesOf();
  expect(places?.lastSeq).toBe(places?.top);
  // The room is sealed: a gateway has to restore it first, from PostgreSQL.
  await expect(environment.say(room, "not yet")).rejects.toThrow("not open");
  await archiveRest(environment.deps, 5_000);
  expect(await environment.deadLetters(room)).toEqual([]);
  expect(await environment.texts(room)).toHaveLength(34);
  expect(await faults()).toEqual([]);
});

it("half an archive changes nothing of the room that it comes into", async () => {
  await live();
  await environment.say(room, "one");
  await exchange.importPiece(linesOf(100), { append: true, pieceBytes: 2_000 });
  expect((await placesOf())?.lastSeq).toBe(0);
  expect(await environment.say(room, "two")).toBe(2);
  await archiveRest(environment.deps, 5_000);
  expect(await faults()).toEqual([]);
  await exchange.import(linesOf(100), { append: true });
  expect(await environment.texts(room)).toEqual(["one", "two", ...oldTexts(100)]);
});

it("a room without messages needs no leave", async () => {
  await live();
  expect(await exchange.import(linesOf(3))).toMatchObject({ rejected: 0 });
  expect(await environment.texts(room)).toEqual(oldTexts(3));
});

it("of a room that is deleted meanwhile the lines are rejected, and none is left behind", async () => {
  await live();
  await environment.say(room, "one");
  const pieces = { append: true, pieceBytes: 4_000 };
  await exchange.importPiece(linesOf(200), pieces);
  await environment.sql`insert into deleted_rooms (id, name, last_seq) select id, name, 99 from rooms where name = ${room}`;
  await environment.sql`delete from rooms where name = ${room}`;
  const result = await exchange.import(linesOf(200), pieces);
  expect(result.finished).toBe(true);
  expect(result.rejected).toBeGreaterThan(0);
  expect(exchange.rejected().at(-1)).toMatchObject({
    line: 200,
    reason: "room: was deleted while it was imported",
  });
  await emptyClosed(environment);
  expect(await faults()).toEqual([]);
});

it("of two that import the same at once one gives way, and nothing is there twice", async () => {
  const other = openExchange(environment);
  let second: Promise<unknown> | undefined;
  const first = exchange.import(linesOf(300), {
    pieceBytes: 3_000,
    onProgress: () => {
      second ??= other.import(linesOf(300), { pieceBytes: 5_000 });
      second.catch(() => undefined);
    },
  });
  const ends = await Promise.allSettled([first, first.catch(() => undefined).then(() => second)]);
  expect(ends.some(({ status }) => status === "fulfilled")).toBe(true);
  await exchange.import(linesOf(300));
  expect(await environment.texts(room)).toEqual(oldTexts(300));
  other.close();
});

it("an import that is given up leaves nothing behind, and the name is free", async () => {
  await exchange.importPiece(linesOf(300), { pieceBytes: 3_000 });
  expect(await exchange.abandon(linesOf(300))).toEqual([room]);
  expect(await exchange.abandon(linesOf(300))).toBeUndefined();
  const { sql } = environment;
  await emptyClosed(environment);
  expect(
    await sql`select from messages where text like 'old %' and room_id not in (select id from rooms)`,
  ).toHaveLength(0);
  await environment.addRoom(room);
  expect(await sql`select from rooms where name = ${room}`).toHaveLength(1);
});

it("a name that is given again begins above what it had, also for an archive", async () => {
  await environment.sql`insert into deleted_rooms (id, name, last_seq, emptied_at) values (${900_000 + count}, ${room}, 50, now())`;
  await exchange.import(linesOf(2));
  const [row] = await environment.sql`
    select born_seq::float8 as born, last_seq::float8 as last from rooms where name = ${room}`;
  expect(row).toEqual({ born: 1_000_050, last: 1_000_052 });
  expect(await faults()).toEqual([]);
});
