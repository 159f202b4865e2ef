/** Replies on a real Redis and PostgreSQL, with a worker that writes from one to the other. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { draftDeletion } from "../../shared/server/redis/event-draft.ts";
import type { MessageEvent } from "../../shared/server-frames.ts";
import { archiveRest } from "../../worker/archive.ts";
import { AUTHOR, openTestEnvironment, type TestEnvironment } from "../../worker/testing/test-environment.ts";
import { createArchiveQueries } from "../history/archive-queries.ts";
import { createFindEvents } from "../history/find-events.ts";
import { createHistory } from "../history/history.ts";
import { openTestNode, type TestNode } from "../testing/test-node.ts";
import { createExtras } from "./extras.ts";
import { createReplyTargets } from "./reply-targets.ts";
import { createMessages } from "./send.ts";

const LOG_EVENTS = 20;
const BY = { id: "01936f6e-0000-7000-8000-000000000009", nickname: "답장이" };
let environment: TestEnvironment;
let node: TestNode;
let room = "";
let count = 0;
/** Statements on PostgreSQL. */
let reads = 0;
let clock = 0;

beforeAll(async () => {
  environment = await openTestEnvironment();
});
afterAll(() => environment.close());
beforeEach(async () => {
  room = await environment.startRoom(`replies-${++count}`);
  node = await openTestNode(environment.server.url, { lastSeq: 0 }, LOG_EVENTS);
  reads = 0;
});
afterEach(() => node.close());

function sender() {
  const archive = createArchiveQueries(environment.sql);
  const gate = {
    through<T>(_: string, read: () => Promise<T>): Promise<T> {
      reads++;
      return read();
    },
  };
  const find = createFindEvents(node.logs, { archive, gate }, (json) => json);
  const targets = createReplyTargets(node.rooms.loaded, find, () => clock);
  const messages = createMessages({
    admit: async () => ({ decision: "ok", nickname: BY.nickname, role: "user" }),
    ...{ scripts: node.scripts, log: node.roomLog, messageChars: 30 },
    extrasOf: createExtras(async () => [], targets, 30),
    onRestricted: async () => undefined,
    onSent: () => undefined,
  });
  return (replyTo: number, clientId = `r${++count}`) =>
    messages.send({ userId: BY.id, room, clientId, text: "그래요", replyTo }).then(
      ({ seq }) => seq,
      (error: Error) => error.message,
    );
}

const say = async (times: number): Promise<void> => {
  for (let n = 0; n < times; n++) await environment.say(room, `m${++count}`);
};
const remove = async (target: number): Promise<void> => {
  const tombstone = `{"type":"message","room":"${room}","seq":${target},"deleted":true}`;
  const draft = draftDeletion({ room, clientId: `d-${target}` }, AUTHOR.id, target);
  await node.scripts.delete(draft, { target, any: true, tombstone });
};
const store = async (): Promise<void> => {
  await archiveRest(environment.deps, 20_000);
  await node.scripts.commit(room, 0);
};
const eventOf = async (seq: number): Promise<MessageEvent> => {
  const through = <T>(_: string, read: () => Promise<T>) => read();
  const archive = createArchiveQueries(environment.sql);
  const history = createHistory(node.logs, { archive, gate: { through } }, (json) => json);
  return JSON.parse((await history(room, seq + 1, 1, "x")).events[0] ?? "{}");
};
const heard = async (seq: number): Promise<void> => {
  await expect.poll(() => node.rooms.loaded(room)?.log.position.seq).toBe(seq);
};

test("a reply names its target and the target's author, from the log and from the archive alike", async () => {
  await say(1);
  const reply = sender();
  await node.rooms.acquire(room);
  expect(await reply(1)).toBe(2);
  const asked = { type: "message", seq: 2, text: "그래요", reply: { seq: 1, user: AUTHOR.id } };
  expect(await eventOf(2)).toMatchObject(asked);
  const inLog = await eventOf(2);
  await store();
  await say(40);
  await store();
  expect(await eventOf(2)).toEqual(inLog);
  expect(Object.keys(inLog).slice(-2)).toEqual(["text", "reply"]);
});

test("the target is found in memory, in Redis and in PostgreSQL, and nothing else is one", async () => {
  await say(60);
  await store();
  await say(2);
  await remove(3);
  await remove(62);
  const reply = sender();
  await node.rooms.acquire(room);
  await heard(64);
  const nothing = "no_such_message";
  // In memory: a message, a deleted one, a deletion. Beyond it: a future seq, one of the archive, a deleted one of it, none.
  expect(await Promise.all([reply(61), reply(62), reply(63)])).toEqual([65, nothing, nothing]);
  expect(reads).toBe(0);
  expect(await Promise.all([reply(999_999), reply(3)])).toEqual([nothing, nothing]);
  expect(await reply(2)).toBe(66);
  expect(await eventOf(66)).toMatchObject({ reply: { seq: 2, user: AUTHOR.id } });
  const elsewhere = room;
  room = await environment.startRoom(`replies-${++count}`);
  expect(await reply(2)).toBe(nothing);
  room = elsewhere;
});

test("a flood of replies to old messages reads each of them once", async () => {
  await say(60);
  await store();
  const reply = sender();
  await node.rooms.acquire(room);
  await Promise.all(Array.from({ length: 100 }, () => reply(5)));
  await Promise.all(Array.from({ length: 100 }, () => reply(5)));
  expect(reads).toBe(1);
  clock += 60_000;
  await reply(5);
  expect(reads).toBe(2);
});

test("a target that was just found and is deleted then is none any more", async () => {
  await say(60);
  await store();
  const reply = sender();
  await node.rooms.acquire(room);
  expect(await reply(5)).toBe(61);
  await remove(5);
  await heard(62);
  expect(await reply(5)).toBe("no_such_message");
});

test("a deleted reply keeps nothing of what it replied to, in the log, in memory and in the archive", async () => {
  await say(1);
  const reply = sender();
  await node.rooms.acquire(room);
  await reply(1);
  await heard(2);
  await store();
  await remove(2);
  await heard(3);
  const inMemory = node.rooms.loaded(room)?.log.find(2);
  expect(inMemory !== "none" && inMemory?.bytes.toString()).not.toMatch(/reply|그래요/);
  expect(await eventOf(2)).not.toHaveProperty("reply");
  await store();
  const [row] =
    await environment.sql`select text, data from messages where seq = 2 and client_id like 'r%' and deleted`;
  expect(row).toEqual({ text: null, data: { deletion: 3 } });
});

test("a reply that was accepted is acknowledged again, also after its target was deleted", async () => {
  await say(1);
  const reply = sender();
  await node.rooms.acquire(room);
  expect(await reply(1, "same")).toBe(2);
  await remove(1);
  await heard(3);
  expect(await reply(1, "same")).toBe(2);
  expect(await reply(1, "other")).toBe("no_such_message");
});
