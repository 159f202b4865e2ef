import { expect, test } from "vitest";
import type { StoredRoom } from "./queries.ts";
import { createRoomsDirectory } from "./rooms-directory.ts";

const TEA = { id: 2, name: "tea", title: "Tea", slowModeMs: 0 };

/** A directory over a played PostgreSQL that counts what it is asked and can be away. */
function setUp() {
  const database = { rooms: [] as StoredRoom[], away: false, asked: 0, now: 0 };
  const answer = async <T>(value: () => T): Promise<T> => {
    database.asked += 1;
    if (database.away) throw Object.assign(new Error("away"), { code: "ECONNREFUSED" });
    return value();
  };
  const queries = {
    findRoom: (name: string) => answer(() => database.rooms.find((room) => room.name === name) ?? null),
    listRooms: () => answer(() => [...database.rooms]),
    addRoom: (name: string, title: string) => answer(() => ({ id: 9, name, title, slowModeMs: 0 })),
  };
  return { database, directory: createRoomsDirectory(queries, () => database.now) };
}

test("a room is asked for once, also by many at the same moment", async () => {
  const { database, directory } = setUp();
  database.rooms.push(TEA);
  const found = await Promise.all([1, 2, 3].map(() => directory.find("tea")));
  expect(found).toEqual([TEA, TEA, TEA]);
  await directory.find("tea");
  expect(database.asked).toBe(1);
});

test("that there is no such room is believed for a second", async () => {
  const { database, directory } = setUp();
  expect(await directory.find("tea")).toBeNull();
  database.rooms.push(TEA);
  database.now = 999;
  expect(await directory.find("tea")).toBeNull();
  expect(database.asked).toBe(1);
  database.now = 1_001;
  expect(await directory.find("tea")).toEqual(TEA);
});

test("a room made elsewhere is found at once when its news comes", async () => {
  const { database, directory } = setUp();
  await directory.find("tea");
  database.rooms.push(TEA);
  directory.learn("tea");
  expect(await directory.find("tea")).toEqual(TEA);
});

test("news that comes while the question runs is not lost", async () => {
  const { database, directory } = setUp();
  const early = directory.find("tea");
  database.rooms.push(TEA);
  directory.learn("tea");
  await early;
  expect(await directory.find("tea")).toEqual(TEA);
});

test("a name that no room can have is not asked for", async () => {
  const { database, directory } = setUp();
  expect(await directory.find("{s1}:Tea")).toBeNull();
  expect(database.asked).toBe(0);
});

test("a known room is found while PostgreSQL is away, also in doubt; an unknown one is an outage", async () => {
  const { database, directory } = setUp();
  database.rooms.push(TEA);
  await directory.list();
  database.away = true;
  expect(await directory.find("tea")).toEqual(TEA);
  directory.forget("tea");
  expect(await directory.find("tea")).toEqual(TEA);
  await expect(directory.find("milk")).rejects.toThrow("away");
  database.now = 60_000;
  expect(await directory.list()).toEqual([TEA]);
});

test("a failed question is asked again", async () => {
  const { database, directory } = setUp();
  database.away = true;
  await expect(directory.find("tea")).rejects.toThrow("away");
  database.away = false;
  database.rooms.push(TEA);
  expect(await directory.find("tea")).toEqual(TEA);
});

test("the list is asked for every few seconds, and at once after one's own room", async () => {
  const { database, directory } = setUp();
  database.rooms.push(TEA);
  await Promise.all([directory.list(), directory.list()]);
  await directory.list();
  expect(database.asked).toBe(1);
  database.now = 5_001;
  await directory.list();
  expect(database.asked).toBe(2);
  await directory.create("milk", "Milk", "ana");
  database.rooms.push({ id: 9, name: "milk", title: "Milk", slowModeMs: 0 });
  expect(await directory.list()).toHaveLength(2);
});
