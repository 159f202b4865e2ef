import { expect, test, vi } from "vitest";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import { createOpenNames } from "./open-names.ts";
import type { StoredRoom } from "./room-queries.ts";

const open = (rooms: string[], isOpen = async () => false) => {
  const listNamed = vi.fn(async (names: string[]) =>
    names.filter((name) => rooms.includes(name)).map((name) => ({ name }) as StoredRoom),
  );
  return { listNamed, names: createOpenNames({ known: () => undefined }, { listNamed }, { isOpen }) };
};

test("names that come together are one question, open ones are remembered, and others asked for again", async () => {
  const { names, listNamed } = open(["tea", "milk"]);
  const ask = () => Promise.all(["tea", "rice", "milk", "tea"].map(names.isOpen));
  expect(await ask()).toEqual([true, false, true, true]);
  expect(await ask()).toEqual([true, false, true, true]);
  expect(listNamed.mock.calls.map(([asked]) => asked)).toEqual([["tea", "rice", "milk"], ["rice"]]);
});

test("a room that changed while it was asked for is asked for again", async () => {
  const { names, listNamed } = open(["tea"]);
  const asked = names.isOpen("tea");
  await new Promise((resolve) => setImmediate(resolve));
  names.forget("tea");
  expect(await asked).toBe(true);
  names.forget();
  await names.isOpen("tea");
  expect(listNamed).toHaveBeenCalledTimes(2);
});

test("while PostgreSQL is away, Redis says whether a room is open", async () => {
  const { names, listNamed } = open([], async () => true);
  listNamed.mockRejectedValue(new Unavailable("away"));
  expect(await names.isOpen("tea")).toBe(true);
});
