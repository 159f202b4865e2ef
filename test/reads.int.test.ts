/** How far users have read: in Redis, which may lose it, and in PostgreSQL, which the worker writes. */
import { randomUUID } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createClosedAccountQueries } from "../worker/closed-account-queries.ts";
import { emptyClosed } from "../worker/testing/empty-closed.ts";
import type { TestEnvironment } from "../worker/testing/test-environment.ts";
import { ME, useFollowing, YOU } from "./support/use-following.ts";

const fixture = useFollowing();
const { node, say, archive, lookAll, write } = fixture;
let environment: TestEnvironment;
let room = "";
beforeAll(() => {
  environment = fixture.environment();
});
beforeEach(() => {
  room = fixture.room();
});

const positions = async () =>
  (
    await environment.sql<{ name: string; seq: number }[]>`
      select name, seq::float8 as seq from read_positions join rooms on rooms.id = room_id where user_id = ${ME}`
  ).map(({ name, seq }) => [name, seq]);

describe("nothing moves back", () => {
  test("an announcement that got lost is noticed by its number, and the read is there after two looks", async () => {
    const [here, there] = [node(0).open(ME), node(1).open(ME)];
    await here.follow(room);
    await there.follow(room);
    await say(YOU, 4);
    await lookAll();
    await node(1).deafen();
    here.read(room, 4);
    await node(0).moves.flush();
    expect(there.unread(room)).toBe(4);
    await lookAll();
    await lookAll();
    await expect.poll(() => there.unread(room)).toBe(0);
  });

  test("a Redis that lost everything knows reads again: from PostgreSQL, and the newest from the gateway", async () => {
    const socket = node(0).open(ME);
    await socket.follow(room);
    await say(YOU, 6);
    await lookAll();
    socket.read(room, 3);
    await node(0).moves.flush();
    await write();
    socket.read(room, 5);
    await node(0).moves.flush();
    await archive();
    await environment.server.kill();
    await environment.server.start();
    await environment.redis.ping().catch(() => undefined);
    await expect.poll(() => environment.redis.ping().catch(() => ""), { timeout: 10_000 }).toBe("PONG");
    await environment.redis.flushall();
    await environment.openRoom(room);
    await node(0).look();
    await node(0).look();
    const known = await environment.redis.hget(environment.keys.userReads(ME), room);
    expect(Number(known)).toBe(5);
    expect(socket.rooms.get(room)?.read).toBe(5);
  });

  test("reads during an outage of Redis are written after it", async () => {
    const socket = node(0).open(ME);
    await socket.follow(room);
    await say(YOU, 2);
    await lookAll();
    environment.server.pause();
    socket.read(room, 2);
    await expect(node(0).moves.flush()).rejects.toThrow();
    expect(node(0).moves.waiting).toBe(1);
    environment.server.resume();
    await expect
      .poll(
        () =>
          node(0)
            .look()
            .then(
              () => node(0).moves.waiting,
              () => -1,
            ),
        { timeout: 10_000 },
      )
      .toBe(0);
    expect(await environment.redis.hget(environment.keys.userReads(ME), room)).toBe("2");
  });

  test("the worker keeps the furthest of each room, whatever comes late, and one row for each", async () => {
    const store = fixture.store();
    await say(YOU, 9);
    for (const seq of [4, 7, 5]) await store.move({ userId: ME, room, seq });
    await write();
    expect(await positions()).toEqual([[room, 7]]);
    await environment.redis.hset(
      environment.keys.movedReads(environment.keys.shardOf(ME)),
      `${ME} ${room}`,
      "6",
    );
    await write();
    expect(await positions()).toEqual([[room, 7]]);
    expect(await store.listMoved(environment.keys.shardOf(ME))).toEqual([]);
  });

  test("a read that moves on while the worker writes is written next time", async () => {
    const store = fixture.store();
    await store.move({ userId: ME, room, seq: 4 });
    const shard = environment.keys.shardOf(ME);
    const moved = await store.listMoved(shard);
    await store.move({ userId: ME, room, seq: 5 });
    await store.settle(shard, moved);
    expect(await store.listMoved(shard)).toEqual([{ userId: ME, room, seq: 5 }]);
  });
});

test("reads that nobody could have made are dropped, and the rest is kept", async () => {
  const shard = environment.keys.shardOf(ME);
  const odd = {
    "no-user lobby": "3",
    [`${ME} nowhere`]: "4",
    [`${ME} ${room}`]: "5",
    [`${randomUUID()} ${room}`]: "6",
  };
  await environment.redis.hset(environment.keys.movedReads(shard), odd);
  await write();
  expect(await positions()).toEqual([[room, 5]]);
  expect(await fixture.store().listMoved(shard)).toEqual([]);
});

test("reads of a room end with it, and a later room of its name has none of them", async () => {
  const { sql, scripts } = environment;
  const store = fixture.store();
  await say(YOU, 5);
  await store.move({ userId: ME, room, seq: 5 });
  await write();
  const [row] = await sql<{ id: number }[]>`select id from rooms where name = ${room}`;
  await archive();
  await sql`select delete_room(${row?.id ?? 0}, 5)`;
  await emptyClosed(environment);
  const [left] = await sql<{ n: number }[]>`select count(*)::integer as n from read_positions`;
  expect(left?.n).toBe(0);
  await store.move({ userId: ME, room, seq: 4 });
  await sql`insert into rooms (name, title, born_seq) values (${room}, 'x', 5) on conflict (name) do update set born_seq = 5`;
  await environment.redis.hset(
    environment.keys.movedReads(environment.keys.shardOf(ME)),
    `${ME} ${room}`,
    "4",
  );
  await write();
  expect(await positions()).toEqual([]);
  await scripts.heads([room]);
});

test("reads of a closed account are not written, and those that were are erased with its name", async () => {
  const { sql } = environment;
  const gone = randomUUID();
  await sql`insert into users (id, nickname, closed_at) values (${gone}, 'gone', now() - interval '2 hours')`;
  const store = fixture.store();
  await store.move({ userId: gone, room, seq: 1 });
  await write();
  const rows = () => sql`select 1 from read_positions where user_id = ${gone}`;
  expect(await rows()).toHaveLength(0);
  await sql`insert into read_positions select ${gone}, id, 1 from rooms where name = ${room}`;
  await createClosedAccountQueries(sql).noteErased([gone]);
  expect(await rows()).toHaveLength(0);
});
