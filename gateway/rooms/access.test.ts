import { expect, test } from "vitest";
import type { RoomRole } from "../../shared/http-api.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import { createAccess } from "./access.ts";
import { createRoomsDirectory } from "./room-catalogue.ts";
import type { StoredRoom } from "./room-queries.ts";

const SECRET = `p-${"a".repeat(26)}`;
const ABSENT = `p-${"b".repeat(26)}`;
const TEA: StoredRoom = { id: 2, name: "tea", title: "Tea", slowModeMs: 0, archived: undefined, bornSeq: 0 };

/** The door over a fake PostgreSQL and Redis. A change marks Redis first, as in a transaction, and is committed later. */
function setUp() {
  const members = new Map<string, RoomRole>([["ana", "owner"]]);
  const facts = { version: 1, mark: "r1 ", asked: 0, settled: 0, away: false };
  const read = (name: string): StoredRoom | undefined =>
    name === SECRET
      ? {
          ...{ ...TEA, id: 3, name, title: "Secret" },
          circle: { kind: "private", version: facts.version, members: new Map(members) },
        }
      : name === "tea"
        ? TEA
        : undefined;
  const answer = async (name: string): Promise<StoredRoom | undefined> => {
    if (facts.away) throw new Unavailable("PostgreSQL is away");
    return read(name);
  };
  const directory = createRoomsDirectory(
    {
      find(name) {
        facts.asked++;
        return answer(name);
      },
      findSettled(name) {
        facts.settled++;
        return answer(name);
      },
      add: async () => "taken",
    },
    undefined,
  );
  const access = createAccess({ directory, members: { readMark: async () => facts.mark } });
  const change = (user: string, role: RoomRole | undefined): void => {
    if (role) members.set(user, role);
    else members.delete(user);
    facts.version++;
    facts.mark = `r1 ${facts.version}`;
  };
  return { access, directory, facts, change };
}

test("a public room is open to all, and asks nothing of anybody", () => {
  const { access, facts } = setUp();
  expect([access.mayRead(undefined, "tea"), access.mayWrite("eve", "tea")]).toEqual([true, true]);
  expect(facts.asked + facts.settled).toBe(0);
});

test("a private room exists for its members, and for nobody else", async () => {
  const { access } = setUp();
  expect(await access.find("ana", SECRET)).toMatchObject({ title: "Secret" });
  expect(access.mayRead("ana", SECRET)).toBe(true);
  for (const stranger of ["eve", undefined]) {
    expect(await access.find(stranger, SECRET)).toBeUndefined();
    expect(await access.mayRead(stranger, SECRET)).toBe(false);
  }
  expect(await access.mayWrite("eve", SECRET)).toBe(false);
});

test("a stranger costs the same query as a room that does not exist, whether the room is known here or not", async () => {
  const { access, facts } = setUp();
  const costOf = async (name: string): Promise<number> => {
    const before = facts.asked;
    await access.find("eve", name);
    return facts.asked - before;
  };
  expect([await costOf(ABSENT), await costOf(SECRET)]).toEqual([1, 1]);
  await access.find("ana", SECRET);
  expect([await costOf(ABSENT), await costOf(SECRET)]).toEqual([1, 1]);
});

test("a member writes without a query until the members change, and a former one not even while the news are late", async () => {
  const { access, facts, change } = setUp();
  change("bo", "member");
  for (let n = 0; n < 5; n++) expect(await access.mayWrite("bo", SECRET)).toBe(true);
  expect(facts.settled).toBe(1);
  change("bo", undefined);
  expect(await access.mayWrite("bo", SECRET)).toBe(false);
  expect(await access.mayWrite("ana", SECRET)).toBe(true);
  expect(facts.settled).toBe(2);
});

test("a new member is let in although the news are late", async () => {
  const { access, change } = setUp();
  await access.find("ana", SECRET);
  change("bo", "member");
  expect(await access.mayRead("bo", SECRET)).toBe(true);
  expect(await access.mayWrite("bo", SECRET)).toBe(true);
});

test("another run of Redis, which may have lost a change, is no proof", async () => {
  const { access, facts } = setUp();
  await access.mayWrite("ana", SECRET);
  facts.mark = "r2 ";
  expect(await access.mayWrite("ana", SECRET)).toBe(true);
  expect(facts.settled).toBe(2);
});

test("an answer from before a change does not replace one from after it", async () => {
  const { access, directory, change } = setUp();
  change("bo", "member");
  const before = await directory.find(SECRET);
  change("bo", undefined);
  expect(await access.mayWrite("bo", SECRET)).toBe(false);
  directory.cacheStale(before ? [before] : []);
  expect(await access.mayWrite("bo", SECRET)).toBe(false);
  expect(directory.known(SECRET)?.circle?.members.has("bo")).toBe(false);
});

test("while PostgreSQL is away, members who are certain read and write, and doubtful ones wait", async () => {
  const { access, directory, facts } = setUp();
  await access.mayWrite("ana", SECRET);
  facts.away = true;
  expect([access.mayRead("ana", SECRET), await access.mayWrite("ana", SECRET)]).toEqual([true, true]);
  directory.invalidate(SECRET);
  await expect(access.find("ana", SECRET)).rejects.toThrow("away");
  await expect(access.mayWrite("ana", SECRET)).rejects.toThrow("away");
  await expect(access.find("eve", ABSENT)).rejects.toThrow("away");
});

test("a role in the cluster counts in public rooms, that in the room in a private one", async () => {
  const { access, change } = setUp();
  change("mo", "moderator");
  change("bo", "member");
  const may = (id: string, role: "user" | "admin", room: string) =>
    access.mayModerate({ id, nickname: id, role }, room);
  expect([await may("eve", "admin", "tea"), await may("ana", "user", "tea")]).toEqual([true, false]);
  expect([await may("eve", "admin", SECRET), await may("bo", "admin", SECRET)]).toEqual([false, false]);
  expect([await may("ana", "user", SECRET), await may("mo", "user", SECRET)]).toEqual([true, true]);
});
