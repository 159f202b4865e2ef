import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, expect, it } from "vitest";
import { watchStatements } from "../test/support/explain.ts";
import { archiveRest } from "./archive.ts";
import { eraseClosed } from "./closed-accounts.ts";
import { createReportQueries } from "./report-queries.ts";
import { AUTHOR, openTestEnvironment, type TestEnvironment } from "./testing/test-environment.ts";

let environment: TestEnvironment;
const MODERATOR = uuidv7();
beforeAll(async () => {
  environment = await openTestEnvironment();
  await environment.startRoom("tea");
});
afterAll(() => environment.close());

const archive = () => archiveRest(environment.deps, 20_000);
const remove = (target: number, by: string) =>
  environment.put("tea", (seq) =>
    JSON.stringify({ type: "deleted", room: "tea", seq, at: Date.now(), target, by, clientId: `d${target}` }),
  );
const addUser = async (nickname: string, id: string = uuidv7()): Promise<string> => {
  await environment.sql`
    insert into users (id, email, email_key, nickname, nickname_key)
    values (${id}, ${id}, ${id}, ${nickname}, ${nickname.toLowerCase()})`;
  return id;
};

it("a message that a moderator takes back is on record once, one's own is not", async () => {
  const other = await environment.say("tea", "rude");
  const own = await environment.say("tea", "typo");
  await archive();
  await remove(other, MODERATOR);
  await remove(own, AUTHOR.id);
  await archive();
  const acts = await environment.sql`select act, by_user, user_id, room, seq::int as seq from audit`;
  expect([...acts]).toEqual([
    { act: "delete", by_user: MODERATOR, user_id: AUTHOR.id, room: "tea", seq: other },
  ]);
});

it("it is on record also when message and deletion are written together, or written again", async () => {
  const seq = await environment.say("tea", "rude too");
  await remove(seq, MODERATOR);
  await archive();
  await environment.redis.hset(environment.keys.room("tea"), "stored", "0");
  await environment.redis.hset(
    environment.keys.dirty(environment.keys.shardOf("tea")),
    "tea",
    "1",
    "n:tea",
    "9",
  );
  await archive();
  expect(await environment.sql`select 1 from audit where seq = ${seq}`).toHaveLength(1);
});

it("an hour after an account closed its name is gone from the archive, and only its name", async () => {
  const ana = await addUser("ana of old", AUTHOR.id);
  const seq = await environment.say("tea", "mine");
  await environment.put("tea", (at) =>
    JSON.stringify({
      type: "notice",
      room: "tea",
      seq: at,
      at: Date.now(),
      code: "renamed",
      user: { id: ana, nickname: "ana of old" },
      before: "ana of yore",
    }),
  );
  await archive();
  await environment.sql`update users set closed_at = now() where id = ${ana}`;
  expect(await eraseClosed(environment.sql)).toBe(0);
  await environment.sql`update users set closed_at = now() - interval '2 hours' where id = ${ana}`;
  expect(await eraseClosed(environment.sql)).toBeGreaterThan(1);
  expect(await eraseClosed(environment.sql)).toBe(0);
  const watched = watchStatements(environment.database.url);
  await environment.sql`update users set erased_at = null where id = ${ana}`;
  const statements = await watched.explained(() => eraseClosed(watched.sql));
  expect(statements.length).toBeGreaterThan(8);
  expect(statements.filter(({ partitions }) => partitions.length !== 1)).toEqual([]);
  await watched.close();
  const rows = await environment.sql`select * from messages`;
  expect(JSON.stringify(rows)).not.toMatch(/ana of|수다쟁이/);
  const [row] = await environment.sql`select text, user_id from messages where seq = ${seq}`;
  expect(row).toEqual({ text: "mine", user_id: ana });
});

it("a report's copy of a message goes when it was handled, or the message is past its retention", async () => {
  const [gone, other] = [await addUser("gone by name"), await addUser("other by name")];
  await environment.sql`update users set closed_at = now() where id = ${gone}`;
  await environment.sql`
    insert into reports (room, seq, author, reporter, reason, text, said_as, said_at, handled_at)
    select 'tea', seq, author, ${MODERATOR}, '', text, 'name', said_at::timestamptz, handled_at
    from (values
      (1, ${other}::uuid, 'open', '2026-11-22T00:00Z', null),
      (2, ${other}::uuid, 'seen to', '2026-11-22T00:00Z', now()),
      (3, ${other}::uuid, 'old', '2026-11-21T23:59Z', null),
      (4, ${gone}::uuid, 'of who closed', '2026-11-22T00:00Z', null)
    ) as made (seq, author, text, said_at, handled_at)`;
  const kept = async () =>
    (await environment.sql`select text, said_as from reports where said_at is not null order by seq`).map(
      (row) => ({
        ...row,
      }),
    );
  const { eraseReported } = createReportQueries(environment.sql);
  expect(await eraseReported(undefined)).toBe(2);
  expect((await kept()).map(({ text }) => text)).toEqual(["open", "old", "of who closed"]);
  await eraseReported("2026-11-22");
  expect(await kept()).toEqual([
    { text: "open", said_as: "name" },
    { text: "of who closed", said_as: null },
  ]);
});
