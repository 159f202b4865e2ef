import { setTimeout as wait } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { createRelayedDatabase, type RelayedDatabase } from "../../../test/support/relayed-database.ts";
import { until } from "../../until.ts";
import { Unavailable } from "../process/unavailable.ts";
import { type Database, openDatabase } from "./database.ts";
import { connectPostgres, type Sql } from "./pool.ts";
import { type SoleTask, startSoleTask } from "./sole-task.ts";

const LOCK = 1;
let store: RelayedDatabase;
let admin: Sql;
const open: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  store = await createRelayedDatabase();
  admin = connectPostgres(store.url, { name: "admin", max: 1 });
});
afterEach(async () => {
  store.relay.mend();
  for (const close of open.splice(0)) await close();
});
afterAll(async () => {
  await admin.end({ timeout: 1 });
  await store.close();
});

type Node = SoleTask & { database: Database; turns: number[]; errors: unknown[] };
/** A process that wants to run the task. `turns`: the start of each of its turns. */
function start(name: string, run?: (signal: AbortSignal) => Promise<void>): Node {
  const database = openDatabase(() => connectPostgres(store.url, { name, max: 1, isSession: true }), {
    limitMs: 1_000,
  });
  const turns: number[] = [];
  const errors: unknown[] = [];
  const task = startSoleTask({
    ...{ sql: database.sql, lock: LOCK },
    run: async (signal) => {
      turns.push(performance.now());
      await (run?.(signal) ?? wait(1 << 30, undefined, { signal }).catch(() => undefined));
    },
    onError: (error) => void errors.push(error),
  });
  open.push(task.stop, database.close);
  return { ...task, database, turns, errors };
}

it("of two processes one runs the task; the other one begins when that one stops", async () => {
  const first = start("first");
  await until("the first runs", first.isRunning);
  const second = start("second");
  await wait(1_600);
  expect([first.isRunning(), second.isRunning()]).toEqual([true, false]);
  await first.stop();
  await until("the second runs", second.isRunning, { withinMs: 3_000 });
  expect([first.isRunning(), first.turns.length, second.turns.length]).toEqual([false, 1, 1]);
});

it("a process whose session ended has its turn ended, and another one begins within seconds", async () => {
  const first = start("first");
  await until("the first runs", first.isRunning);
  const second = start("second");
  await admin`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'first'`;
  await until("one of them runs again", () => first.turns.length + second.turns.length === 2, {
    withinMs: 4_000,
  });
  await wait(1_100);
  expect([first, second].filter(({ isRunning }) => isRunning())).toHaveLength(1);
});

it("a PostgreSQL that says nothing ends the turn, and once it answers there is a new one", async () => {
  const node = start("lonely");
  await until("it runs", node.isRunning);
  store.relay.stall();
  await until("its turn is over", () => !node.isRunning(), { withinMs: 4_000 });
  expect(node.errors[0]).toBeInstanceOf(Unavailable);
  store.relay.mend();
  await until("it runs again", node.isRunning, { withinMs: 15_000 });
});

it("a task that fails gives the lock up, and is tried again", async () => {
  const failing = start("failing", async () => {
    throw new Error("no");
  });
  await until("it was tried twice", () => failing.turns.length >= 2);
  const sound = start("sound");
  await until("another process has it", sound.isRunning);
  expect(failing.errors).toContainEqual(new Error("no"));
});
