/** Removals of what a user said lately, on a real Redis and PostgreSQL, with a worker that writes from one to the other. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { draftMessage } from "../../shared/server/redis/event-draft.ts";
import { openRoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import { openUserStore } from "../../shared/server/redis/user-store.ts";
import { openReader } from "../../test/support/room-reader.ts";
import { archiveRest } from "../../worker/archive.ts";
import { createFormerRemovals } from "../../worker/removals.ts";
import { AUTHOR, openTestEnvironment, type TestEnvironment } from "../../worker/testing/test-environment.ts";
import { createArchiveQueries } from "../history/archive-queries.ts";
import { createAuthorQueries } from "../history/author-queries.ts";
import { createHistory } from "../history/history.ts";
import { createRoomLog } from "../room-log/room-log.ts";
import { createRemovals } from "./removals.ts";

const MODERATOR = "01936f6e-0000-7000-8000-0000000000aa";
const OTHER = { id: "01936f6e-0000-7000-8000-0000000000bb", nickname: "other", role: "user" as const };
const HOUR_MS = 3_600_000;
let environment: TestEnvironment;
let count = 0;
beforeAll(async () => {
  environment = await openTestEnvironment();
});
afterAll(() => environment.close());

const archive = (): Promise<void> => archiveRest(environment.deps, 20_000);

/** A room of its own with the ways to read it. @param logEvents as many of the newest stay in Redis. */
async function openRoom(logEvents = 500) {
  const room = await environment.startRoom(`removal-${++count}`);
  const { sql, redis, keys } = environment;
  const scripts = openRoomLogStore(redis, keys, { events: logEvents, ms: 0, bytes: 8 << 20 });
  const log = createRoomLog(scripts, async () => undefined);
  const { logs } = openReader(environment, room);
  const gate = { through: <T>(_: string, read: () => Promise<T>) => read() };
  const history = createHistory(logs, { archive: createArchiveQueries(sql), gate }, (json) => json);
  const removals = createRemovals({ scripts, log, queries: createAuthorQueries(sql) });
  return {
    room,
    scripts,
    remove: (author = AUTHOR.id) => removals.removeLately(MODERATOR, author, room),
    say: (text: string) => environment.say(room, text),
    sayAs: async (text: string) =>
      (await log.append(draftMessage({ room, clientId: `o-${text}` }, OTHER, text))).seq,
    /** The texts as a page of history shows them; `-` for a deleted message; other events by their type. */
    async read(): Promise<string[]> {
      const { events } = await history(room, undefined, 200, "reader");
      return events.map((json) => {
        const event = JSON.parse(json);
        return event.type === "message" ? (event.deleted ? "-" : event.text) : event.type;
      });
    },
    /** Lets PostgreSQL have everything and Redis only the newest. */
    async store(): Promise<void> {
      await archive();
      await scripts.commit(room, 0);
    },
  };
}

test("the author's messages are gone in log and history, the others' stay, and so do those said afterwards", async () => {
  const { remove, say, sayAs, read, room } = await openRoom();
  await say("a");
  await sayAs('b ,"user":{"id":"');
  await say("c");
  expect(await remove()).toBe(1);
  await say("d");
  const expected = ["-", 'b ,"user":{"id":"', "-", "removed", "d"];
  expect(await read()).toEqual(expected);
  await archive();
  expect(await read()).toEqual(expected);
  expect(await environment.texts(room)).toEqual([null, 'b ,"user":{"id":"', null, null, "d"]);
});

test("one event says from where, by whom and whose, and the audit has it once, with the same place", async () => {
  const { remove, say, room, scripts } = await openRoom();
  const from = await say("first");
  await say("second");
  await remove();
  const event = JSON.parse(`${(await scripts.readNewest(room, 1))?.entries[0]?.bytes}`);
  expect(event).toMatchObject({ type: "removed", room, author: AUTHOR.id, from, by: MODERATOR });
  await archive();
  const acts =
    await environment.sql`select act, by_user, user_id, seq::float8 as seq, detail from audit where room = ${room}`;
  expect([...acts]).toEqual([
    { act: "remove", by_user: MODERATOR, user_id: AUTHOR.id, seq: event.seq, detail: { from } },
  ]);
});

test("messages that only PostgreSQL has are hidden at once, before the worker has blanked them, and after", async () => {
  const { remove, say, sayAs, read, store, room } = await openRoom(2);
  await say("old");
  await sayAs("theirs");
  await say("older than the log");
  await sayAs("new");
  await sayAs("newer");
  await store();
  expect(await remove()).toBe(1);
  const expected = ["-", "theirs", "-", "new", "newer", "removed"];
  expect(await environment.texts(room)).toContain("old");
  expect(await read()).toEqual(expected);
  await store();
  expect(await read()).toEqual(expected);
  expect(await environment.texts(room)).not.toContain("old");
  expect(await environment.redis.hget(environment.keys.room(room), "removals")).toBeNull();
});

test("a removed message is deleted already for whoever deletes it, though it became a row only afterwards", async () => {
  const { remove, say, room } = await openRoom();
  const target = await say("a");
  await remove();
  await archive();
  const archived = await createArchiveQueries(environment.sql).find(room, target);
  expect(archived).toMatchObject({ deleted: true, deletion: target + 1 });
});

test("nothing is written without a message of the last hour, however often it is asked for", async () => {
  const { remove, say, sayAs, read, room } = await openRoom();
  await environment.sayAt(room, Date.now() - HOUR_MS - 1_000, "long ago");
  await sayAs("theirs");
  expect(await remove()).toBe(0);
  await say("now");
  expect([await remove(), await remove()]).toEqual([1, 0]);
  expect(await read()).toEqual(["long ago", "theirs", "-", "removed"]);
});

test("every room in which the user spoke within the hour is found, also before fifty newer messages", async () => {
  const rooms = [await openRoom(), await openRoom(), await openRoom()];
  const { redis, keys } = environment;
  const users = openUserStore(redis, keys, { on: false, perSecond: 1, burst: 1, mutesMs: [1] });
  const { asked } = await users.find(OTHER.id);
  await users.keep(OTHER.id, { nickname: "other", role: "user", restricted: undefined, version: 1 }, asked);
  const speak = async ({ room, sayAs }: (typeof rooms)[number], text: string): Promise<void> => {
    const attempt = { userId: OTHER.id, room, clientId: `o-${text}`, text, fingerprint: "ab", exempt: true };
    expect(await users.admit({ ...attempt, slowModeMs: 0 })).toMatchObject({ decision: "ok" });
    await sayAs(text);
  };
  const [first, second, third] = rooms as [
    (typeof rooms)[number],
    (typeof rooms)[number],
    (typeof rooms)[number],
  ];
  await speak(first, "one");
  await speak(second, "two");
  for (let i = 0; i < 70; i++) await speak(third, `many-${i}`);
  expect(await third.scripts.roomsSpokenIn(OTHER.id, Date.now() - HOUR_MS, 50)).toEqual([
    third.room,
    second.room,
    first.room,
  ]);
  expect(await third.remove(OTHER.id)).toBe(3);
  expect(await first.read()).toEqual(["-", "removed"]);
  expect(new Set(await third.read())).toEqual(new Set(["-", "removed"]));
});

test("a removal that Redis lost and a gateway remembers is applied to the log that is put back", async () => {
  const { remove, say, sayAs, room, scripts } = await openRoom();
  await say("a");
  await sayAs("b");
  const before = await scripts.readNewest(room, 10);
  await remove();
  const after = await scripts.readNewest(room, 10);
  const removal = after?.entries.at(-1);
  await environment.redis.del(
    environment.keys.room(room),
    environment.keys.log(room),
    environment.keys.tombstones(room),
  );
  const entries = [...(before?.entries ?? []), ...(removal ? [removal] : [])];
  await scripts.restore(room, {
    ...{ epoch: "e9", base: 2_000_000, postgresSeq: 0, prevEpoch: "e1", prevUpTo: removal?.seq ?? 0 },
    entries: entries.map((entry) => ({ ...entry, sent: undefined })),
  });
  const left = (await scripts.readNewest(room, 10))?.entries.map(({ bytes }) => JSON.parse(`${bytes}`));
  expect(left?.map(({ type, text, deleted }) => text ?? (deleted ? "-" : type))).toEqual([
    "-",
    "b",
    "removed",
  ]);
  expect((await scripts.deletedSeqs(room)).has(1, AUTHOR.id)).toBe(true);
});

test("a removal that a worker of the release before archived is applied when this one starts", async () => {
  const { remove, say, room } = await openRoom();
  const from = await say("a");
  await archive();
  await remove();
  await archive();
  // As the older worker leaves it: the row of the event, and nothing done about it.
  await environment.sql`update messages set text = 'a', deleted = false, data = null where seq = ${from} and room_id = (select id from rooms where name = ${room})`;
  await environment.sql`delete from audit where room = ${room}`;
  const apply = createFormerRemovals(Date.now, environment.deps.log);
  expect(await apply(environment.sql)).toBe(false);
  expect(await environment.texts(room)).toEqual([null, null]);
  expect(await environment.sql`select from audit where room = ${room}`).toHaveLength(1);
});
