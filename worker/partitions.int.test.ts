import { afterAll, beforeAll, expect, it } from "vitest";
import { archiveRest } from "./archive.ts";
import { cleanUp } from "./cleanup.ts";
import { ensureAhead } from "./partitions.ts";
import { createRetention } from "./retention.ts";
import { createSteadyTime } from "./steady-time.ts";
import { openTestEnvironment, type TestEnvironment } from "./testing/test-environment.ts";

const MINUTE_MS = 60_000;
let environment: TestEnvironment;
beforeAll(async () => {
  environment = await openTestEnvironment();
  await environment.openRoom("lobby");
});
afterAll(() => environment.close());

const partitions = async (prefix: string): Promise<string[]> =>
  (
    await environment.sql<{ name: string }[]>`
      select inhrelid::regclass::text as name from pg_inherits
      where inhparent = 'messages'::regclass and inhrelid::regclass::text like ${`messages_${prefix}%`} order by name`
  ).map(({ name }) => name);

const drop = async (retention: ReturnType<typeof createRetention>): Promise<void> => {
  while (await retention(environment.sql));
};

it("partitions are there for today and the next seven days, over the end of a year", async () => {
  await ensureAhead(environment.sql, Date.UTC(2030, 11, 30, 23, 59, 59, 999));
  expect(await partitions("203")).toEqual([
    "messages_20301230",
    "messages_20301231",
    "messages_20310101",
    "messages_20310102",
    "messages_20310103",
    "messages_20310104",
    "messages_20310105",
    "messages_20310106",
  ]);
});

it("several workers make the same partitions at once without an error", async () => {
  const now = Date.UTC(2032, 1, 27);
  await Promise.all(Array.from({ length: 4 }, () => ensureAhead(environment.sql, now)));
  expect(await partitions("2032")).toHaveLength(8);
  expect(await partitions("20320229")).toHaveLength(1);
});

it("a row whose day has no partition gets one for it and the rest of the week", async () => {
  await environment.sayAt("lobby", Date.UTC(2019, 4, 1, 12), "long ago");
  await environment.sayAt("lobby", Date.UTC(2019, 6, 1, 12), "another month");
  await archiveRest(environment.deps, 20_000);
  expect(await environment.texts("lobby")).toEqual(["long ago", "another month"]);
  expect(await partitions("201905")).toEqual(
    Array.from({ length: 7 }, (_, day) => `messages_2019050${day + 1}`),
  );
  expect(await partitions("201907")).toHaveLength(7);
});

it("the days that the retention has passed are dropped, and the others kept", async () => {
  await ensureAhead(environment.sql, Date.UTC(2026, 2, 1));
  await drop(createRetention(() => Date.UTC(2026, 2, 6, 5), 2, environment.deps.log));
  expect(await partitions("2019")).toHaveLength(0);
  expect(await partitions("202603")).toEqual(
    Array.from({ length: 5 }, (_, day) => `messages_2026030${day + 4}`),
  );
});

it("a clock that is set ahead drops nothing at once that it would keep otherwise", async () => {
  const clock = { wall: Date.UTC(2026, 2, 6, 5), steady: 0 };
  const surely = createSteadyTime(20 * MINUTE_MS, { wall: () => clock.wall, steady: () => clock.steady });
  const retention = createRetention(surely, 2, environment.deps.log);
  const later = async (ms: number): Promise<void> => {
    clock.steady += ms;
    clock.wall += ms;
    await drop(retention);
  };
  await later(0);
  await later(60 * MINUTE_MS);
  clock.wall += 3 * 24 * 60 * MINUTE_MS;
  await later(60 * MINUTE_MS);
  expect(await partitions("202603")).toHaveLength(5);
  await later(60 * MINUTE_MS);
  expect(await partitions("202603")).toHaveLength(2);
});

it("a retention of 0 drops nothing", async () => {
  await drop(createRetention(() => Date.UTC(2099, 0, 1), 0, environment.deps.log));
  expect(await partitions("202603")).toHaveLength(2);
});

it("clean-up removes sessions that ended or expired with their tokens, and tokens replaced long ago", async () => {
  const { sql } = environment;
  await sql`insert into users (id, email, email_key, nickname, nickname_key)
    values (gen_random_uuid(), 'a@b.c', 'a@b.c', 'a', 'a')`;
  const addSession = (userAgent: string, expires: string, ended: string | null) => sql`
    insert into sessions (id, user_id, user_agent, expires_at, ended_at)
    select gen_random_uuid(), id, ${userAgent}, now() + ${expires}::interval, now() + ${ended}::interval from users`;
  await addSession("alive", "1 day", null);
  await addSession("expired", "-1 second", null);
  await addSession("ended", "1 day", "-8 days");
  const addTokens = (replaced: string | null) => sql`
    insert into refresh_tokens (hash, session_id, replaced_at)
    select decode(md5(random()::text), 'hex'), id, now() + ${replaced}::interval from sessions`;
  await addTokens(null);
  await addTokens("-8 days");

  await cleanUp(sql, Date.now(), { messages: 0, connections: 90 }, environment.deps.log);
  expect(await sql`select user_agent from sessions`).toEqual([{ user_agent: "alive" }]);
  expect(await sql`select replaced_at from refresh_tokens`).toEqual([{ replaced_at: null }]);
});
