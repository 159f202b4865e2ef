/** The rest of rooms that admins closed, and its removal. */
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { archiveRest } from "./archive.ts";
import { eraseClosed } from "./closed-accounts.ts";
import { emptyClosed } from "./testing/empty-closed.ts";
import { AUTHOR, openTestEnvironment, type TestEnvironment } from "./testing/test-environment.ts";

let environment: TestEnvironment;
let room = "";
let count = 0;
beforeAll(async () => {
  environment = await openTestEnvironment();
});
afterAll(() => environment.close());
beforeEach(async () => {
  room = await environment.startRoom(`closed-${++count}`);
});

const work = (): Promise<void> => emptyClosed(environment);
/** Removes a room as a gateway does. */
const remove = async (name: string): Promise<number> => {
  const highest = await environment.scripts.seal(name);
  await environment.sql`insert into deleted_rooms (id, name, last_seq) select id, name, ${highest} from rooms where name = ${name}`;
  await environment.sql`delete from rooms where name = ${name}`;
  return highest;
};
const archive = async (name: string): Promise<void> => {
  await environment.scripts.seal(name);
  await environment.sql`update rooms set archived_at = now() where name = ${name}`;
};
const keysOf = async (name: string): Promise<string[]> =>
  (await environment.redis.keys(`*:room:${name}*`)).filter((key) => !key.includes(":sent:"));
const rowsOf = async (id: number): Promise<number> => {
  const [row] = await environment.sql`
    select (select count(*) from messages where room_id = ${id})
      + (select count(*) from room_days where room_id = ${id})
      + (select count(*) from visited_rooms where room_id = ${id}) as rows`;
  return Number(row?.rows);
};
const idOf = async (name: string): Promise<number> =>
  Number((await environment.sql`select id from rooms where name = ${name}`)[0]?.id);

it("nothing is left of a deleted room, in Redis or PostgreSQL, and nothing of another is touched", async () => {
  const { sql } = environment;
  const [id, other] = [await idOf(room), `other-${room}`];
  await environment.startRoom(other);
  await sql`
    insert into users (id, email, email_key, nickname, nickname_key) values (${AUTHOR.id}, 'a', 'a', 'a', 'a')
    on conflict do nothing`;
  await sql`insert into visited_rooms (user_id, room_id) values (${AUTHOR.id}, ${id})`;
  for (const name of [room, other]) await environment.say(name, "hello");
  await archiveRest(environment.deps, 5_000);
  await sql`
    insert into messages (room_id, seq, day, time, kind)
    select ${id}, n, current_date, '12:00', 'message' from generate_series(2, 5001) n`;
  await sql`insert into dead_letters (room, seq, raw, reason) values (${room}, 7, 'secret', 'x'), (${room}, 99000, 'new', 'x')`;
  await environment.redis.hset(environment.keys.room(room), "seq", "5001");
  await remove(room);
  expect(await rowsOf(id)).toBeGreaterThan(5_000);
  await work();
  expect(await rowsOf(id)).toBe(0);
  expect(await keysOf(room)).toEqual([]);
  expect((await environment.deadLetters(room)).map(({ raw }) => raw)).toEqual(["new"]);
  expect(await environment.texts(other)).toEqual(["hello"]);
  expect((await environment.scripts.heads([other]))[0]?.current).toBe(true);
});

it("an unwritten message of a deleted room is no row and no dead letter", async () => {
  await environment.say(room, "too late");
  const dirty = await environment.scripts.listPending(environment.keys.shardOf(room));
  expect(dirty.map((each) => each.room)).toContain(room);
  await remove(room);
  await archiveRest(environment.deps, 5_000);
  expect(await environment.deadLetters(room)).toEqual([]);
  await work();
  expect(await keysOf(room)).toEqual([]);
  expect(
    (await environment.scripts.listPending(environment.keys.shardOf(room))).map((each) => each.room),
  ).not.toContain(room);
});

it("a message of a deleted room is not written into the next one of its name", async () => {
  await environment.say(room, "old");
  const highest = await remove(room);
  await environment.addRoom(room);
  const [born] =
    await environment.sql`select born_seq::float8 as seq, last_seq::float8 as last from rooms where name = ${room}`;
  expect(born?.seq).toBeGreaterThan(highest + 999_999);
  expect(born?.last).toBe(born?.seq);
  await archiveRest(environment.deps, 5_000);
  expect(await environment.texts(room)).toEqual([]);
  expect(await environment.deadLetters(room)).toEqual([]);
});

it("the next room of a name keeps its own, though the worker comes late to the one before", async () => {
  await environment.say(room, "old");
  await remove(room);
  await environment.addRoom(room);
  const [born] = await environment.sql`select born_seq::float8 as seq from rooms where name = ${room}`;
  const bornSeq = Number(born?.seq);
  const places = {
    base: bornSeq > 0 ? bornSeq + 1_000_000 : 0,
    postgresSeq: bornSeq,
    bornSeq,
    prevEpoch: "",
    prevUpTo: 0,
  };
  expect(await environment.scripts.restore(room, { ...places, epoch: "next", entries: [] })).toBe(true);
  const seq = await environment.say(room, "old");
  expect(seq).toBeGreaterThan(bornSeq);
  await work();
  const read = await environment.scripts.readNewest(room, 10);
  expect(read?.entries.map((entry) => entry.seq)).toEqual([seq]);
  await archiveRest(environment.deps, 5_000);
  expect(await environment.texts(room)).toEqual(["old"]);
});

it("Redis lets go of an archived room once PostgreSQL has all of it, and not before", async () => {
  await environment.say(room, "one");
  await environment.say(room, "two");
  await archive(room);
  await work();
  expect(await keysOf(room)).not.toEqual([]);
  await archiveRest(environment.deps, 5_000);
  await work();
  expect(await keysOf(room)).toEqual([expect.stringMatching(/:room:[^:]+$/)]);
  expect(await environment.texts(room)).toEqual(["one", "two"]);
  const [row] = await environment.sql`select let_go_at from rooms where name = ${room}`;
  expect(row?.let_go_at).not.toBeNull();
});

it("nor does it wait for a deleted room of which nobody knows yet on which days it has rows", async () => {
  const gone = `gone-${room}`;
  await environment.addRoom(gone);
  await remove(gone);
  await environment.sql`insert into unmapped_days values ('2020-01-01')`;
  await archive(room);
  await work();
  expect(await keysOf(room)).toHaveLength(1);
  await environment.sql`delete from unmapped_days where day = '2020-01-01'`;
});

it("an archived room that a gateway of an older release opened again is stopped again", async () => {
  await archive(room);
  await environment.openRoom(room);
  expect(await environment.say(room, "through the back door")).toBeGreaterThan(0);
  await work();
  await expect(environment.say(room, "once more")).rejects.toThrow("not open");
});

it("the rooms that the owner of a closed account visited are remembered nowhere", async () => {
  const { sql } = environment;
  const id = "01936f6e-0000-7000-8000-00000000000b";
  await sql`
    insert into users (id, nickname, closed_at) values (${id}, 'closed account', now() - interval '2 hours')`;
  await sql`insert into visited_rooms (user_id, room_id) values (${id}, ${await idOf(room)})`;
  await eraseClosed(sql);
  expect(await sql`select from visited_rooms where user_id = ${id}`).toHaveLength(0);
});
