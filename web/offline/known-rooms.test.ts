import { expect, test } from "vitest";
import type { RoomEvent } from "../../shared/server-frames.ts";
import { createKnownRooms } from "./known-rooms.ts";

const DAY_MS = 86_400_000;

function openCase() {
  const values = new Map<string, unknown>();
  const time = { now: 1_800_000_000_000 };
  const nameOf = (key: readonly string[]): string => JSON.stringify(key);
  const known = createKnownRooms(
    {
      get: async (key) => values.get(nameOf(key)),
      put: async (key, value) => void values.set(nameOf(key), value),
      remove: async (key) => void values.delete(nameOf(key)),
      keysUnder: async (begin) =>
        [...values.keys()].map((key) => JSON.parse(key) as string[]).filter(([first]) => first === begin[0]),
    },
    () => time.now,
  );
  return { known, time, values };
}

const said = (seq: number): RoomEvent => ({
  ...{ type: "message", room: "tea", seq, at: seq, clientId: `c${seq}`, text: `m${seq}` },
  user: { id: "u", nickname: "민지" },
});
const logOf = (count: number) => ({
  ...{ epoch: "e", head: count, more: false },
  events: Array.from({ length: count }, (_, i) => said(i + 1)),
});

test("the newest fifty messages of a room are known, and that there are older ones", async () => {
  const { known } = openCase();
  await known.keep("ana", "tea", logOf(60));
  const found = await known.find("ana", "tea");
  expect(found?.events.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, i) => i + 11));
  expect(found).toMatchObject({ epoch: "e", head: 60, more: true });
  expect(await known.find("ben", "tea")).toBeUndefined();
  expect(await known.find("ana", "coffee")).toBeUndefined();
});

test("a log older than a week is not shown, because much of it may have been deleted", async () => {
  const { known, time } = openCase();
  await known.keep("ana", "tea", logOf(1));
  time.now += 8 * DAY_MS;
  expect(await known.find("ana", "tea")).toBeUndefined();
});

test("another owner leaves nothing of the one before, and one owner no more than thirty rooms", async () => {
  const { known, time, values } = openCase();
  for (let i = 0; i < 40; i++) {
    time.now += 1;
    await known.keep("ana", `room-${i}`, logOf(1));
  }
  await known.keepLiveAt(time.now);
  await known.keepOnly("ana");
  expect(values.size).toBe(31);
  expect(await known.find("ana", "room-9")).toBeUndefined();
  expect(await known.find("ana", "room-10")).toBeDefined();
  await known.keepOnly("guest");
  expect([...values.keys()]).toEqual(['["live"]']);
});

test("values of an unknown form are none, and are cleared away", async () => {
  const { known, values } = openCase();
  for (const odd of [5, "x", undefined, { epoch: "e" }, { epoch: 1, head: 1, events: [], at: 1 }]) {
    values.set('["rooms","ana","tea"]', odd);
    expect(await known.find("ana", "tea")).toBeUndefined();
  }
  await known.keepOnly("ana");
  expect(values.size).toBe(0);
});
