/** Each fault of an archive is found, and a cluster in use has no false findings. */
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { archiveRest } from "../archive.ts";
import { openTestEnvironment, type TestEnvironment } from "../testing/test-environment.ts";
import { archiveOf, openExchange } from "./testing/exchange.ts";
import { verifyArchive } from "./verify.ts";

let environment: TestEnvironment;
let room = "";
let count = 0;
beforeAll(async () => {
  environment = await openTestEnvironment();
});
afterAll(() => environment.close());
beforeEach(async () => {
  room = `whole-${++count}`;
  const exchange = openExchange(environment);
  const at = Date.UTC(2025, 0, 1, 23, 59, 55);
  await exchange.import(
    archiveOf(
      Array.from({ length: 10 }, (_, n) => ({
        room,
        at: at + n * 1_000,
        user: { nickname: "n" },
        text: `${room} ${n}`,
      })),
    ),
  );
  return exchange.close;
});

const verify = () => verifyArchive({ sql: environment.sql, heads: environment.scripts.heads });
const faults = async (): Promise<string[]> =>
  (await verify()).faults.filter((each) => each.room === room).map(({ fault }) => fault);

it("an archive that is whole has no faults, and its rooms, days and rows are counted", async () => {
  const { sql } = environment;
  const [rows] = await sql`select count(*)::int as rows, count(distinct room_id)::int as rooms from messages`;
  expect(await verify()).toMatchObject({ faults: [], deadLetters: [], rows: rows?.rows, jumps: [] });
});

it.each([
  ["a row that is gone", "lacks seq 3", "delete from messages where text = $1 || ' 2'"],
  ["the last row that is gone", "its last seq is 10", "delete from messages where text = $1 || ' 9'"],
  [
    "a seq on two days",
    "has seq 2 on another day too (2025-01-02)",
    "insert into messages (room_id, seq, day, time, kind) select room_id, seq, '2025-01-02', time, kind from messages where text = $1 || ' 1'",
  ],
  [
    "a day that the map does not have",
    "on a day that the map does not have (2025-01-02)",
    "delete from room_days where day = '2025-01-02' and room_id = (select id from rooms where name = $1)",
  ],
  [
    "a day of which the map is wrong",
    "has seqs 1 to 5 on a day of which the map says 1 to 7 (2025-01-01)",
    "update room_days set last_seq = 7 where day = '2025-01-01' and room_id = (select id from rooms where name = $1)",
  ],
  ["a last seq that is too low", "is only 8", "update rooms set last_seq = 8 where name = $1"],
  ["a last seq that is too high", "its last seq is 12", "update rooms set last_seq = 12 where name = $1"],
])("%s is a fault", async (_, fault, statement) => {
  await environment.sql.unsafe(statement, [room]);
  expect(await faults()).toContainEqual(expect.stringContaining(fault));
  await environment.sql.unsafe(
    "delete from room_days where room_id = (select id from rooms where name = $1)",
    [room],
  );
  await environment.sql.unsafe(
    "delete from messages where room_id = (select id from rooms where name = $1)",
    [room],
  );
  await environment.sql`delete from rooms where name = ${room}`;
});

it("a dead letter is named, and the place of its event is no gap", async () => {
  await environment.sql`delete from messages where text = ${`${room} 2`}`;
  await environment.sql`insert into dead_letters (room, seq, raw, reason) values (${room}, 3, '{}', 'is no JSON object')`;
  const verified = await verify();
  expect(verified.faults.filter((each) => each.room === room)).toEqual([]);
  expect(verified.deadLetters).toContainEqual({ room, seq: 3, reason: "is no JSON object" });
});

it("the start of an epoch is reported as a jump, and events that Redis calls stored must exist", async () => {
  const { scripts } = environment;
  const place = { base: 2_000_010, postgresSeq: 10, prevEpoch: "", prevUpTo: 10, entries: [] };
  await scripts.restore(room, { ...place, epoch: "e2" });
  await environment.say(room, "after");
  await archiveRest(environment.deps, 5_000);
  expect((await verify()).jumps).toContainEqual({ room, after: 10, to: 2_000_011 });
  expect(await faults()).toEqual([]);
  await environment.redis.hset(environment.keys.room(room), "stored", "2000099");
  expect(await faults()).toContainEqual(expect.stringContaining("stored up to seq 2000099"));
  await environment.redis.hset(environment.keys.room(room), "stored", "2000011");
});

it("rows of a room that does not exist are a fault, but not while it is being imported", async () => {
  const { sql } = environment;
  await sql`insert into messages (room_id, seq, day, time, kind) values (777777, 1, '2025-01-01', '10:00', 'message')`;
  expect((await verify()).faults).toContainEqual({
    room: "number 777777",
    fault: expect.stringContaining("no such room"),
  });
  await sql`insert into imports (fingerprint, tag) values ('f', 't')`;
  await sql`
    insert into imported_rooms (import_id, name, room_id, existed, first_seq, next_seq)
    select id, 'half', 777777, false, 1, 2 from imports where fingerprint = 'f'`;
  expect((await verify()).faults.filter((each) => each.room.includes("777777"))).toEqual([]);
});
