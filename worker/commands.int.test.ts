import { afterAll, beforeAll, expect, it } from "vitest";
import { cleanUp } from "./cleanup.ts";
import { openTestEnvironment, type TestEnvironment } from "./testing/test-environment.ts";

let environment: TestEnvironment;
beforeAll(async () => {
  environment = await openTestEnvironment();
});
afterAll(() => environment.close());

const DAY_MS = 86_400_000;

it("a command is remembered until a day after its end, also by a clock that is ahead", async () => {
  const { sql, deps } = environment;
  await sql`
    insert into kafka_commands (key, id, expires_at) values
      ('bot', 'over', now() - interval '25 hours'), ('bot', 'just over', now() - interval '23 hours')`;
  const left = async () => (await sql`select id from kafka_commands order by id`).map(({ id }) => id);
  await cleanUp(sql, Date.now() - DAY_MS, { messages: 0, connections: 90 }, deps.log);
  expect(await left()).toEqual(["just over", "over"]);
  await cleanUp(sql, Date.now() + DAY_MS, { messages: 0, connections: 90 }, deps.log);
  expect(await left()).toEqual(["just over"]);
});
