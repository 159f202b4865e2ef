import { expect, test } from "vitest";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { ConnectionRecord } from "../../shared/server/redis/connection-record-store.ts";
import { createConnectionRecords } from "./connection-records.ts";

function setUp() {
  let now = 1_000_000;
  let away = false;
  const notified: ConnectionRecord[] = [];
  const add = async (records: ConnectionRecord[]): Promise<void> => {
    if (away) throw new Unavailable("Redis is away");
    notified.push(...records);
  };
  const records = createConnectionRecords({ add }, "gateway-1", "boot", () => now);
  let count = 0;
  return {
    notified,
    ...records,
    open(more: { ip?: string; userAgent?: string; session?: string } = {}) {
      const connection = {
        ...{ id: `c${++count}`, user: { id: "u1" }, session: "s1", ip: "192.0.2.1", userAgent: "Firefox" },
        ...{ recorded: false, ...more },
      };
      records.opened(connection);
      return connection;
    },
    pass: (ms: number): void => {
      now += ms;
    },
    setAway: (is: boolean): void => {
      away = is;
    },
  };
}

test("a connection that lasts is told of with its start, and with its end", async () => {
  const { notified, open, closed, flush, pass } = setUp();
  const connection = open();
  await flush();
  expect(notified).toEqual([]);
  pass(2_000);
  await flush();
  expect(notified).toMatchObject([{ kind: "opened", id: "c1", at: 1_000_000, gateway: "gateway-1" }]);
  pass(60_000);
  closed(connection);
  await flush();
  expect(notified.slice(1)).toEqual([{ kind: "closed", id: "c1", at: 1_062_000 }]);
});

test("thousands that are opened and closed are one record with their number", async () => {
  const { notified, open, closed, flush, pass } = setUp();
  for (let i = 0; i < 36_311; i++) {
    closed(open());
    if (i % 1_000 === 0) await flush();
    if (i % 4 === 0) pass(1);
  }
  await flush();
  expect(new Set(notified.map(({ id }) => id))).toEqual(new Set(["c1"]));
  expect(notified.length).toBeLessThan(100);
  expect(notified.slice(-2)).toMatchObject([
    { kind: "opened", id: "c1", at: 1_000_000, times: 36_311 },
    { kind: "closed", id: "c1", at: 1_000_000 + 9_078 },
  ]);
  const before = notified.length;
  await flush();
  expect(notified.length).toBe(before);
});

test("short ones of another session, place or program are counted apart, and so are those much later", async () => {
  const { notified, open, closed, flush, pass } = setUp();
  for (const more of [{}, { session: "s2" }, { ip: "192.0.2.2" }, { userAgent: "curl" }]) closed(open(more));
  pass(10 * 60_000);
  closed(open());
  await flush();
  const starts = notified.filter(({ kind }) => kind === "opened").map(({ id }) => id);
  expect(starts.sort()).toEqual(["c1", "c2", "c3", "c4", "c5"]);
});

test("a process that ends sends all records it has, however young; guests leave none", async () => {
  const { notified, open, opened, closed, flush } = setUp();
  open();
  const guest = { ...open(), id: "guest", user: undefined, recorded: false };
  opened(guest);
  closed(guest);
  await flush(true);
  expect(notified.map(({ id }) => id)).toEqual(["c1", "c2"]);
});

test("while Redis is away nothing is forgotten", async () => {
  const { notified, open, closed, flush, pass, setAway } = setUp();
  setAway(true);
  closed(open());
  await expect(flush()).rejects.toThrow();
  open();
  pass(5_000);
  await expect(flush()).rejects.toThrow();
  setAway(false);
  await flush();
  expect(notified.map(({ kind, id }) => `${kind} ${id}`)).toEqual(["opened c1", "closed c1", "opened c2"]);
});
