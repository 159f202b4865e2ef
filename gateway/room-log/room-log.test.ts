import { expect, test, vi } from "vitest";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import { createRoomLog } from "./room-log.ts";

const DRAFT = { room: "tea", userId: "u1", clientId: "c1", prefix: "{", suffix: "}" };
const APPENDED = { seq: 1, fresh: true };

test("an append to a room that Redis lost recovers it, and tells the caller nothing of that", async () => {
  const append = vi.fn(async () => APPENDED as typeof APPENDED | undefined).mockResolvedValueOnce(undefined);
  const recover = vi.fn(async () => undefined);
  const log = createRoomLog({ append, delete: vi.fn(), remove: vi.fn() }, recover);
  expect(await log.append(DRAFT)).toEqual(APPENDED);
  expect(recover.mock.calls).toEqual([["tea"]]);
});

test("a room that is lost again and again is an outage, after four tries", async () => {
  const append = vi.fn(async () => undefined);
  const log = createRoomLog({ append, delete: vi.fn(), remove: vi.fn() }, async () => undefined);
  const error = await log.append(DRAFT).catch((thrown: unknown) => thrown);
  expect(error instanceof Unavailable).toBe(true);
  expect(append).toHaveBeenCalledTimes(4);
});

test("writers get the reason why a room cannot be recovered", async () => {
  const closed = new Error("no such room");
  const lost = async () => undefined;
  const log = createRoomLog({ append: lost, delete: lost, remove: lost }, () => Promise.reject(closed));
  await expect(log.append(DRAFT)).rejects.toBe(closed);
  await expect(log.delete(DRAFT, { target: 1, any: false, tombstone: "" })).rejects.toBe(closed);
});
