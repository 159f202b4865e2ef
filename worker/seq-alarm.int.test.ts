import { afterAll, beforeAll, expect, it } from "vitest";
import { archiveRest } from "./archive.ts";
import { createHealth } from "./health.ts";
import { createSeqAlarm } from "./seq-alarm.ts";
import { openTestEnvironment, type TestEnvironment } from "./testing/test-environment.ts";

let environment: TestEnvironment;
beforeAll(async () => {
  environment = await openTestEnvironment();
});
afterAll(() => environment.close());

/** As if a second cluster with a log of its own wrote to the database: other messages under the seqs of the first. */
async function archiveOfTwoLogs(room: string): Promise<void> {
  const { addRoom, openRoom, say, redis, keys, scripts, deps, sql } = environment;
  await addRoom(room);
  await openRoom(room);
  for (const text of ["one", "two", "three"]) await say(room, text);
  await archiveRest(deps, 20_000);
  await redis.del(keys.room(room), keys.log(room));
  const before = { base: 0, prevEpoch: "", prevUpTo: 0 };
  await scripts.restore(room, { ...before, epoch: "e1", postgresSeq: 0, entries: [] });
  for (const text of ["uno", "dos"]) await say(room, text);
  await archiveRest(deps, 20_000);
  const letters = await sql`select from dead_letters where room = ${room}`;
  expect(letters).toHaveLength(2);
}

it("a seq that is given twice is an alarm in log, metric, readiness and status, which ends by itself", async () => {
  const { deps, sql } = environment;
  const health = createHealth();
  const lines: string[] = [];
  const log = {
    ...deps.log,
    error: (_: object, words: string) => void lines.push(words),
    info: (words: string) => void lines.push(words),
  } as typeof deps.log;
  const alarm = createSeqAlarm({ database: deps.database, health, metrics: deps.metrics, log });
  await alarm.task.run();
  expect([alarm.current(), health.reasons(), lines]).toEqual([undefined, {}, []]);

  await archiveOfTwoLogs("twice");
  await alarm.task.run();
  await alarm.task.run();
  const words =
    "2 acknowledged messages are no rows: another one has the seq; two clusters write to this database";
  expect(alarm.current()).toBe(words);
  expect(health.reasons()).toEqual({ log: words });
  expect((await deps.metrics.takenSeqs.get()).values).toMatchObject([{ value: 2 }]);
  expect(lines).toEqual(["ALARM: a seq was given twice, so two clusters write to this database"]);

  await sql`update dead_letters set created_at = now() - interval '11 minutes'`;
  await alarm.task.run();
  expect([alarm.current(), health.reasons()]).toEqual([undefined, {}]);
  expect(lines.at(-1)).toBe("no seq was given twice for ten minutes");
});

it("a worker that starts anew is ready, although there was an alarm before", async () => {
  const { database, metrics, log } = environment.deps;
  await environment.sql`insert into dead_letters (room, seq, raw, reason, created_at)
    values ('before', 1, '', 'another event has its seq', now() - interval '5 seconds')`;
  const health = createHealth();
  await createSeqAlarm({ database, health, metrics, log }).task.run();
  expect(health.reasons()).toEqual({});
});
