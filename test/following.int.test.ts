/** Unread messages, on gateways that share a Redis and a database with a worker. */
import { randomUUID } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { ME, useFollowing, YOU } from "./support/use-following.ts";

const fixture = useFollowing();
const { node, another, append, say, remove, notice, archive, lookAll } = fixture;
let room = "";
beforeEach(() => {
  room = fixture.room();
});

test("a room counts as read when it is followed first; then messages of others count, and neither own ones, notices nor deleted ones", async () => {
  await say(YOU, 5);
  const socket = node(0).open(ME);
  await socket.follow(room);
  expect(socket.rooms.get(room)).toEqual({ room, head: 5, unread: 0, mentions: 0, read: 5 });
  await say(YOU, 3);
  await say(ME, 2);
  await notice();
  await lookAll();
  expect(socket.rooms.get(room)).toMatchObject({ unread: 3, head: 10 });
  await remove(7);
  await lookAll();
  expect(socket.unread(room)).toBe(2);
  await say(YOU, 150);
  await lookAll();
  expect(socket.unread(room)).toBe(100);
});

test("a room that one device followed first is not read by another device that follows it later", async () => {
  const [desk, phone] = [node(0).open(ME), node(1).open(ME)];
  const other = fixture.room();
  await phone.follow(other);
  await desk.follow(room);
  await say(YOU, 3);
  await phone.follow(other, room);
  await lookAll();
  for (const device of [desk, phone]) expect(device.rooms.get(room)).toMatchObject({ unread: 3, read: 0 });
});

test("mentions and answers count for the person they speak to, until they are read or deleted", async () => {
  const socket = node(0).open(ME);
  await socket.follow(room);
  await append(YOU, { mentions: [{ id: ME, start: 0, length: 3 }] });
  await append(YOU, { mentions: [{ id: randomUUID(), start: 0, length: 3 }], reply: { seq: 1, user: ME } });
  const third = await append(YOU, { reply: { seq: 1, user: ME } });
  await append(ME, { mentions: [{ id: ME, start: 0, length: 3 }] });
  await append(YOU, { mentions: [{ id: YOU, start: 0, length: 3 }] });
  await lookAll();
  expect(socket.rooms.get(room)).toMatchObject({ unread: 4, mentions: 3 });
  await remove(third);
  socket.read(room, 1);
  await lookAll();
  expect(socket.rooms.get(room)).toMatchObject({ unread: 2, mentions: 1 });
  await archive();
  // On another gateway, which reads all of it again.
  const again = node(1).open(ME);
  await node(0).moves.flush();
  await again.follow(room);
  expect(again.rooms.get(room)).toEqual(socket.rooms.get(room));
});

test("a message that was read on one device is read on the others of the person, here and on another gateway, and on nobody else's", async () => {
  const [here, beside, there, other] = [
    node(0).open(ME),
    node(0).open(ME),
    node(1).open(ME),
    node(1).open(YOU),
  ];
  for (const each of [here, beside, there, other]) await each.follow(room);
  const seq = await say(randomUUID(), 4);
  await lookAll();
  here.read(room, seq - 1);
  await expect
    .poll(() => [here, beside, there, other].map((each) => each.unread(room)))
    .toEqual([1, 1, 1, 4]);
  beside.read(room, seq - 3);
  await node(0).moves.flush();
  expect([here, beside, there].map((each) => each.rooms.get(room)?.read)).toEqual([3, 3, 3]);
});

test("a seq beyond the newest event counts as that, and a room that is neither followed nor joined is refused", async () => {
  const socket = node(0).open(ME);
  await say(YOU, 2);
  await socket.follow(room);
  await say(YOU, 2);
  await lookAll();
  socket.read(room, Number.MAX_SAFE_INTEGER);
  await expect.poll(() => socket.rooms.get(room)).toMatchObject({ read: 4, unread: 0 });
  await say(YOU);
  await lookAll();
  expect(socket.unread(room)).toBe(1);
  expect(socket.read("elsewhere", 1)).toBe(false);
});

test("all is read at once, in rooms that are followed", async () => {
  const second = await another();
  const socket = node(0).open(ME);
  await socket.follow(room, second);
  await say(YOU, 3);
  await lookAll();
  socket.readAll();
  await expect.poll(() => [socket.unread(room), socket.unread(second)]).toEqual([0, 0]);
});

test("a guest has no position: what came since the page opened counts, and nothing of it is kept", async () => {
  await say(YOU, 3);
  const guest = node(0).open(undefined);
  await guest.follow(room);
  await say(YOU, 2);
  await lookAll();
  expect(guest.rooms.get(room)).toMatchObject({ unread: 2, mentions: 0, read: 3 });
  guest.read(room, 5);
  await expect.poll(() => guest.unread(room)).toBe(0);
  expect(node(0).moves.waiting).toBe(0);
});

test("a person who may not read a room any more does not follow it from the next look on", async () => {
  const socket = node(0).open(ME);
  await socket.follow(room);
  node(0).closed.add(room);
  node(0).following.settle(room);
  await node(0).look();
  await say(YOU);
  const before = socket.frames;
  await node(0).look();
  expect(socket.frames).toBe(before);
  await socket.follow(room);
  expect([...socket.rooms]).toEqual([]);
});

test("a socket that has no room for a frame gets the news later, all in one", async () => {
  const socket = node(0).open(ME);
  await socket.follow(room);
  socket.state.full = true;
  await say(YOU);
  await lookAll();
  await say(YOU);
  await lookAll();
  expect(socket.unread(room)).toBe(0);
  socket.state.full = false;
  const before = socket.frames;
  await lookAll();
  expect([socket.unread(room), socket.frames]).toEqual([2, before + 1]);
});

test("nothing is said, and nothing is sent, while nothing happens; and nothing is left of sockets that closed", async () => {
  const socket = node(0).open(ME);
  await socket.follow(room);
  const before = socket.frames;
  await lookAll();
  await lookAll();
  expect(socket.frames).toBe(before);
  socket.close();
  expect(node(0).readers.count).toBe(0);
  expect(node(0).tails.followersOf(room).size).toBe(0);
});
