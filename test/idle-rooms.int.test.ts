/** Rooms that leave Redis when nobody talks in them, and come back as if they had never left. */
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { combineQueries } from "../gateway/recovery/combined-queries.ts";
import type { RecoveryDeps } from "../gateway/recovery/recover-room.ts";
import { createRecoveryQueries } from "../gateway/recovery/recovery-queries.ts";
import { Unavailable } from "../shared/server/process/unavailable.ts";
import { archiveRest } from "../worker/archive.ts";
import { createIdleRooms } from "../worker/idle-rooms.ts";
import { AUTHOR, openTestEnvironment, type TestEnvironment } from "../worker/testing/test-environment.ts";
import { openReader as openRoomReader, type Reader, renewLeases } from "./support/room-reader.ts";

let environment: TestEnvironment;
let room = "";
let count = 0;

beforeAll(async () => {
  environment = await openTestEnvironment();
});
afterAll(() => environment?.close());
beforeEach(async () => {
  room = `idle-${++count}`;
  await environment.addRoom(room);
  await renewLeases(environment);
});

const openReader = (change: Partial<RecoveryDeps> = {}): Reader => openRoomReader(environment, room, change);
const archive = (): Promise<void> => archiveRest(environment.deps, 10_000);
const leave = (): Promise<boolean> => environment.scripts.leave(room, Number.MAX_SAFE_INTEGER);
const head = async () => (await environment.scripts.heads([room]))[0];
const keysOfRoom = (): Promise<string[]> => environment.redis.keys(`*room:${room}*`);
const toldOf = (events: { json: string }[] | undefined): unknown[] | undefined =>
  events?.map(({ json }) => JSON.parse(json));
const talk = async (reader: Reader, from: number, upTo: number): Promise<void> => {
  for (let n = from; n <= upTo; n++) await reader.say(`m${n}`);
};

test("an idle room leaves at most 300 bytes, and comes back with the same epoch, seqs, events and deletions", async () => {
  const reader = openReader();
  await talk(reader, 1, 620);
  for (const seq of [3, 600])
    await reader.deletions.delete({ userId: AUTHOR.id, room, clientId: `d${seq}`, seq });
  await archive();
  const before = await reader.logs.newest(room);
  const missed = await reader.since(590);
  expect(await leave()).toBe(true);

  expect(await keysOfRoom()).toEqual([environment.keys.room(room)]);
  expect(await environment.redis.memory("USAGE", environment.keys.room(room))).toBeLessThanOrEqual(300);
  expect(await head()).toMatchObject({ current: false, away: true, seq: 622, stored: 622 });

  const after = await reader.logs.newest(room);
  const told = ({ entries }: typeof after) =>
    entries.slice(-500).map(({ seq, epoch, bytes }) => [seq, epoch, JSON.parse(bytes.toString())]);
  expect(told(after)).toEqual(told(before));
  expect(after.state).toEqual({ ...before.state, floor: 123 });
  expect(toldOf(await reader.since(590))).toEqual(toldOf(missed));
  expect(await reader.since(0)).toHaveLength(622);
  expect(await reader.say("m621")).toBe(623);
});

test("a second deletion finds the first one after the room came back", async () => {
  const reader = openReader();
  await talk(reader, 1, 5);
  const gone = await reader.deletions.delete({ userId: AUTHOR.id, room, clientId: "d1", seq: 2 });
  await archive();
  await leave();
  expect(await reader.deletions.delete({ userId: AUTHOR.id, room, clientId: "d2", seq: 2 })).toEqual(gone);
  expect((await head())?.seq).toBe(gone.seq);
});

test("a room that left in a later epoch without events is trimmed and stored like any other", async () => {
  await environment.sql`update rooms set epoch_seq = 0 where name = ${room}`;
  const reader = openReader();
  await reader.logs.newest(room);
  expect(await leave()).toBe(true);
  await environment.scripts.commit(room, 0);
  expect(await head()).toMatchObject({ away: true, seq: 2_000_000 });
  expect(await reader.say("m1")).toBe(2_000_001);
});

describe("a room stays", () => {
  test("while PostgreSQL lacks an event", async () => {
    await talk(openReader(), 1, 3);
    expect(await leave()).toBe(false);
    await archive();
    expect(await leave()).toBe(true);
  });
  test("while somebody is there", async () => {
    await talk(openReader(), 1, 3);
    await archive();
    await renewLeases(environment, [{ room, added: ["u1"] }]);
    expect(await leave()).toBe(false);
  });
  test("while its newest event is young", async () => {
    await talk(openReader(), 1, 3);
    await archive();
    expect(await environment.scripts.leave(room, Date.now() - 60_000)).toBe(false);
  });
  test("while a gateway of the release before is heard", async () => {
    await talk(openReader(), 1, 3);
    await archive();
    const clock = environment.keys.clock(environment.keys.shardOf(room));
    await environment.redis.hset(clock, "last", Date.now());
    expect(await leave()).toBe(false);
    await renewLeases(environment);
    expect(await leave()).toBe(false);
    await environment.redis.hdel(clock, "last", "heard", "jumped");
  });
});

test("nothing is lost, doubled or moved, in whichever order a room leaves, comes back, and events are appended and deleted", async () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("say" as const), id: fc.nat({ max: 30 }) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("delete" as const), of: fc.nat({ max: 40 }) }) },
    { weight: 2, arbitrary: fc.constant({ kind: "archive" as const }) },
    { weight: 4, arbitrary: fc.constant({ kind: "leave" as const }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("resume" as const), from: fc.nat({ max: 40 }) }) },
    { weight: 2, arbitrary: fc.constant({ kind: "join" as const }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      room = `idle-${++count}`;
      await environment.addRoom(room);
      const readers = [openReader(), openReader()];
      const ids: string[] = [];
      const deleted = new Map<number, number>();
      const { epoch } = (await readers[0]?.logs.newest(room))?.state ?? {};
      const isRight = (events: { seq: number; json: string }[], from: number): void => {
        expect(events.map(({ seq }) => seq)).toEqual(ids.slice(from).map((_, index) => from + index + 1));
        for (const { seq, json } of events) expect(json.includes('"deleted":true')).toBe(deleted.has(seq));
      };
      for (const [index, taken] of steps.entries()) {
        const reader = readers[index % 2] as (typeof readers)[number];
        if (taken.kind === "archive") await archive();
        else if (taken.kind === "leave") await leave();
        else if (taken.kind === "say") {
          const known = ids.indexOf(`m${taken.id}`);
          expect(await reader.say(`m${taken.id}`)).toBe(known < 0 ? ids.length + 1 : known + 1);
          if (known < 0) ids.push(`m${taken.id}`);
        } else if (taken.kind === "delete") {
          const seq = taken.of + 1;
          if (!ids[taken.of]?.startsWith("m")) continue;
          const deleting = { userId: AUTHOR.id, room, clientId: `d${index}`, seq };
          const { seq: at } = await reader.deletions.delete(deleting);
          expect(at).toBe(deleted.get(seq) ?? ids.length + 1);
          if (!deleted.has(seq)) ids.push(`d${index}`);
          deleted.set(seq, at);
        } else if (taken.kind === "resume") {
          const from = Math.min(taken.from, ids.length);
          isRight((await reader.since(from)) ?? [], from);
        } else {
          const { entries, state } = await reader.logs.newest(room);
          isRight(
            entries.map(({ seq, bytes }) => ({ seq, json: bytes.toString() })),
            0,
          );
          expect(state).toMatchObject({ epoch, seq: ids.length });
        }
      }
    }),
    { numRuns: 60 },
  );
}, 120_000);

test("rooms that leave while two gateways write and read in them give each message one seq", async () => {
  const readers = [openReader(), openReader()];
  const said: Promise<number>[] = [];
  const tails: Promise<unknown>[] = [];
  for (let n = 1; n <= 60; n++) {
    for (const reader of readers) said.push(reader.say(`m${n}`));
    if (n % 3 === 0) await Promise.all(said.slice(-2));
    if (n % 3 === 0) await archive();
    await leave();
    tails.push(...readers.map(({ logs }) => logs.newest(room)));
  }
  const seqs = await Promise.all(said);
  await Promise.all(tails);
  for (let n = 0; n < 60; n++) expect(seqs[2 * n]).toBe(seqs[2 * n + 1]);
  expect([...new Set(seqs)].sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
  await archive();
  expect((await environment.texts(room)).length).toBe(60);
});

test("while PostgreSQL is away, an idle room is unavailable, not empty, and comes back later", async () => {
  await talk(openReader(), 1, 5);
  await archive();
  await leave();
  const whole = combineQueries(createRecoveryQueries(environment.sql));
  const holdingRoom = () => Promise.reject(new Unavailable("PostgreSQL is away"));
  const reader = openReader({ queries: { ...whole, holdingRoom } });
  await expect(reader.logs.newest(room)).rejects.toBeInstanceOf(Unavailable);
  await expect(reader.say("m6")).rejects.toBeInstanceOf(Unavailable);
  expect((await head())?.away).toBe(true);
  expect((await openReader().logs.newest(room)).entries).toHaveLength(5);
});

test("an answer of PostgreSQL that comes late fills nothing: the room came back, was talked in and left again", async () => {
  const reader = openReader();
  await talk(reader, 1, 5);
  await archive();
  await leave();
  const { entries } = await reader.logs.newest(room);
  await talk(reader, 6, 7);
  await archive();
  expect(await leave()).toBe(true);
  await environment.scripts.comeBack(room, { seq: 5, continues: true, entries });
  expect(await head()).toMatchObject({ away: true, seq: 7 });
  expect((await reader.logs.newest(room)).entries).toHaveLength(7);
});

test("reading the history of an idle room does not bring it back", async () => {
  const reader = openReader();
  await talk(reader, 1, 5);
  await archive();
  await leave();
  expect(await reader.logs.before(room, Number.MAX_SAFE_INTEGER, 50)).toMatchObject({ entries: [] });
  expect((await head())?.away).toBe(true);
});

test.each(["closed", "archived"] as const)(
  "an idle room that is %s meanwhile does not come back",
  async (how) => {
    await talk(openReader(), 1, 5);
    await archive();
    await leave();
    const { sql, scripts } = environment;
    await scripts.seal(room);
    if (how === "closed") await sql`delete from rooms where name = ${room}`;
    else await sql`update rooms set archived_at = now() where name = ${room}`;
    await expect(openReader().logs.newest(room)).rejects.toMatchObject({
      code: how === "closed" ? "no_such_room" : "room_archived",
    });
  },
);

test("a room that PostgreSQL has more of than Redis gave goes on in a fresh epoch above that", async () => {
  const reader = openReader();
  await talk(reader, 1, 5);
  await archive();
  await leave();
  const before = await head();
  await environment.sql`update rooms set last_seq = 50 where name = ${room}`;
  expect(await reader.say("m6")).toBeGreaterThan(1_000_000);
  expect((await head())?.epoch).not.toBe(before?.epoch);
});

test("the worker lets rooms leave by itself once they are idle for long enough, page by page", async () => {
  const rooms: string[] = [];
  for (let n = 0; n < 5; n++) {
    room = `quiet-${++count}`;
    rooms.push(room);
    await environment.addRoom(room);
    await talk(openReader(), 1, 2);
  }
  await archive();
  const { scripts, deps } = environment;
  const common = { store: scripts, database: deps.database, limitMs: 5_000, log: deps.log, now: deps.now };
  const away = async () =>
    (await scripts.heads(rooms.filter((name) => environment.keys.shardOf(name) === 0))).every(
      (each) => each?.away,
    );
  const patient = createIdleRooms({ ...common, idleMs: 3_600_000 });
  while (await patient());
  const idle = async (): Promise<number> =>
    (await Promise.all(rooms.map(async (name) => (await scripts.heads([name]))[0]?.away))).filter(Boolean)
      .length;
  expect(await idle()).toBe(0);
  const now = async (): Promise<number> => Date.now() + 3_700_000;
  const later = createIdleRooms({ ...common, now, idleMs: 3_600_000 });
  while (await later());
  expect(await idle()).toBe(5);
  expect(await away()).toBe(true);
});

test("after a restart of Redis, an idle room goes on in a fresh epoch with its events, and whoever was away lacks nothing", async () => {
  const reader = openReader();
  await talk(reader, 1, 60);
  await archive();
  await leave();
  const before = await head();
  await environment.server.restart();
  await expect.poll(() => environment.redis.ping().catch(() => "")).toBe("PONG");
  const { state, entries } = await reader.logs.newest(room);
  expect(state).toMatchObject({ current: true, prevEpoch: before?.epoch, prevUpTo: 60 });
  expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
  expect(await reader.since(0)).toHaveLength(60);
  expect(await reader.say("m61")).toBeGreaterThan(1_000_000);
});
