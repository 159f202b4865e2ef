import { expect, test } from "vitest";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import { createRoomsDirectory } from "./room-catalogue.ts";
import type { NewRoom, NotAdded, StoredRoom } from "./room-queries.ts";

const TEA: StoredRoom = { id: 2, name: "tea", title: "Tea", slowModeMs: 0, archived: undefined, bornSeq: 0 };

/** A directory over a fake PostgreSQL that counts queries and can be unavailable. */
function setUp() {
  const database = {
    rooms: [] as StoredRoom[],
    away: false,
    asked: 0,
    refuses: undefined as NotAdded | undefined,
  };
  const answer = async <T>(value: () => T): Promise<T> => {
    database.asked += 1;
    if (database.away) throw new Unavailable("PostgreSQL is away");
    return value();
  };
  const queries = {
    find: (name: string) => answer(() => database.rooms.find((room) => room.name === name)),
    findSettled: (name: string) => answer(() => database.rooms.find((room) => room.name === name)),
    add: ({ name, title }: NewRoom) =>
      answer((): StoredRoom | NotAdded =>
        database.refuses ? database.refuses : { ...TEA, id: 9, name, title },
      ),
  };
  return { database, directory: createRoomsDirectory(queries, undefined) };
}

test("a room is asked for once, also by many at the same moment", async () => {
  const { database, directory } = setUp();
  database.rooms.push(TEA);
  const found = await Promise.all([1, 2, 3].map(() => directory.find("tea")));
  expect(found).toEqual([TEA, TEA, TEA]);
  await directory.find("tea");
  expect(database.asked).toBe(1);
});

test("a room is known without a wait from its look-up on, until there is news of it", async () => {
  const { database, directory } = setUp();
  database.rooms.push(TEA);
  expect(directory.known("tea")).toBeUndefined();
  await directory.find("tea");
  expect(directory.known("tea")).toEqual(TEA);
  directory.invalidate("tea");
  expect(directory.known("tea")).toBeUndefined();
});

test("a room made elsewhere is found though its news is late", async () => {
  const { database, directory } = setUp();
  expect(await directory.find("tea")).toBeUndefined();
  database.rooms.push(TEA);
  expect(await directory.find("tea")).toEqual(TEA);
});

test("a crowd that asks for a room that is not there costs two queries, and finds it once it is created", async () => {
  const { database, directory } = setUp();
  const crowd = [1, 2, 3].map(() => directory.find("tea"));
  database.rooms.push(TEA);
  const late = directory.find("tea");
  await Promise.all(crowd);
  expect(await late).toEqual(TEA);
  expect(database.asked).toBe(2);
});

test("a room made elsewhere is found at once when its news comes", async () => {
  const { database, directory } = setUp();
  await directory.find("tea");
  database.rooms.push(TEA);
  directory.invalidate("tea");
  expect(await directory.find("tea")).toEqual(TEA);
});

test("news that comes while the question runs is not lost", async () => {
  const { database, directory } = setUp();
  const early = directory.find("tea");
  database.rooms.push(TEA);
  directory.invalidate("tea");
  await early;
  expect(await directory.find("tea")).toEqual(TEA);
});

test("a name that no room can have is not asked for", async () => {
  const { database, directory } = setUp();
  expect(await directory.find("{s1}:Tea")).toBeUndefined();
  expect(database.asked).toBe(0);
});

test("a known room is found while PostgreSQL is away, also in doubt; an unknown one is an outage", async () => {
  const { database, directory } = setUp();
  database.rooms.push(TEA);
  await directory.find("tea");
  database.away = true;
  expect(await directory.find("tea")).toEqual(TEA);
  directory.invalidate("tea");
  expect(await directory.find("tea")).toEqual(TEA);
  await expect(directory.reload()).rejects.toThrow("away");
  expect(await directory.find("tea")).toEqual(TEA);
  await expect(directory.find("milk")).rejects.toThrow("away");
});

test("a room that was read for another reason is used only while PostgreSQL is away", async () => {
  const { database, directory } = setUp();
  directory.cacheStale([TEA]);
  database.rooms.push({ ...TEA, title: "Green tea" });
  expect(await directory.find("tea")).toMatchObject({ title: "Green tea" });
  directory.cacheStale([TEA, { ...TEA, name: "milk" }]);
  expect(await directory.find("tea")).toMatchObject({ title: "Green tea" });
  database.away = true;
  expect(await directory.find("milk")).toMatchObject({ name: "milk" });
});

test.each([
  ["taken", "room_taken"],
  ["user_cap", "too_many_rooms"],
  ["cluster_cap", "rooms_full"],
] as const)("a room that is not made because of %s is refused as %s", async (refuses, code) => {
  const { database, directory } = setUp();
  database.refuses = refuses;
  await expect(directory.create("tea", "Tea", "ana")).rejects.toMatchObject({ code });
});

test("a failed question is asked again", async () => {
  const { database, directory } = setUp();
  database.away = true;
  await expect(directory.find("tea")).rejects.toThrow("away");
  database.away = false;
  database.rooms.push(TEA);
  expect(await directory.find("tea")).toEqual(TEA);
});
