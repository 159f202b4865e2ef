import { expect, test } from "vitest";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import { createOpenRooms } from "./open-rooms.ts";
import type { StoredRoom } from "./room-queries.ts";

const SLOW: StoredRoom = {
  id: 2,
  name: "tea",
  title: "Tea",
  slowModeMs: 5_000,
  archived: undefined,
  bornSeq: 0,
};

function open(known: StoredRoom | undefined, find: () => Promise<StoredRoom | undefined>) {
  return createOpenRooms({ known: () => known, find }, { heads: async () => [] });
}

test("the slow mode of a known room is told without a wait, that of another after a look-up", async () => {
  expect(open(SLOW, async () => undefined).slowModeOf("tea", "ana")).toBe(5_000);
  expect(open({ ...SLOW, slowModeMs: 0 }, async () => SLOW).slowModeOf("tea", "ana")).toBe(0);
  expect(await open(undefined, async () => SLOW).slowModeOf("tea", "ana")).toBe(5_000);
  expect(await open(undefined, async () => undefined).slowModeOf("tea", "ana")).toBe(0);
});

test("an outage of PostgreSQL closes no room, and a bug is told", async () => {
  const failing = (error: Error) => open(undefined, () => Promise.reject(error)).slowModeOf("tea", "ana");
  expect(await failing(new Unavailable("PostgreSQL is away"))).toBe(0);
  await expect(failing(new Error("bug"))).rejects.toThrow("bug");
});
