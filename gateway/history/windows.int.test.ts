/** Pages around any place of a log, on a real Redis and PostgreSQL, with a worker that writes from one to the other. */
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { archivedEventJson } from "../../shared/server/events/archived-event.ts";
import { draftDeletion } from "../../shared/server/redis/event-draft.ts";
import { openPresenceStore } from "../../shared/server/redis/presence-store.ts";
import type { RoomEvent } from "../../shared/server-frames.ts";
import { archiveRest } from "../../worker/archive.ts";
import { AUTHOR, openTestEnvironment, type TestEnvironment } from "../../worker/testing/test-environment.ts";
import { openTestNode, type TestNode } from "../testing/test-node.ts";
import { createArchiveQueries } from "./archive-queries.ts";
import { createArchivedHistory, createArchivedLogView } from "./archived-history.ts";
import { createFindEvents } from "./find-events.ts";
import { createHistory } from "./history.ts";
import { createReadWindow } from "./windows.ts";

const LOG_EVENTS = 20;
let environment: TestEnvironment;
let node: TestNode;
let room = "";
let count = 0;

beforeAll(async () => {
  environment = await openTestEnvironment();
});
afterAll(() => environment.close());
beforeEach(async () => {
  room = await environment.startRoom(`around-${++count}`);
  node = await openTestNode(environment.server.url, { lastSeq: 0 }, LOG_EVENTS);
});
afterEach(() => node.close());

let said = 0;
const say = async (times: number): Promise<void> => {
  for (let n = 0; n < times; n++) await environment.say(room, `m${++said}`);
};
const remove = async (target: number): Promise<void> => {
  const row = await createArchiveQueries(environment.sql).find(room, target);
  const tombstone = row ? archivedEventJson(room, { ...row, deleted: true }) : "";
  const draft = draftDeletion({ room, clientId: `d-${target}` }, AUTHOR.id, target);
  await node.scripts.delete(draft, { target, any: false, tombstone });
};
/** Lets PostgreSQL have everything, and Redis only the newest. */
const store = () => archiveRest(environment.deps, 20_000);
const trim = () => node.scripts.commit(room, 0);

const same = (json: string): string => json;
/** The reads of a gateway, of an open room or of an archived one. @param onRead runs between the reads of the two stores. */
function reader(kind: "open" | "archived", onRead: () => Promise<unknown> = async () => undefined) {
  const { logs, scripts } = node;
  const gate = {
    async through<T>(_: string, read: () => Promise<T>): Promise<T> {
      await onRead();
      return read();
    },
  };
  const back = { archive: createArchiveQueries(environment.sql), gate };
  const isOpen = kind === "open";
  const older = isOpen ? createHistory(logs, back, same) : createArchivedHistory(scripts, back, same);
  const view = isOpen ? logs : createArchivedLogView(scripts);
  const around = createReadWindow(view, older, back, same);
  const find = createFindEvents(view, back, same);
  const parsed = (events: string[]): RoomEvent[] => events.map((json) => JSON.parse(json) as RoomEvent);
  return {
    async page(from: number, counts: { older: number; newer: number }) {
      const { events, ...ends } = await around(room, from, counts, "reader");
      return { events: parsed(events), ...ends };
    },
    find: async (seqs: number[]) => parsed(await find(room, seqs, "reader")),
  };
}

/** The log as a reader of all of it in one page gets it. */
const wholeLog = async () => (await reader("open").page(1, { older: 0, newer: 100_000 })).events;
const seqsOf = (events: readonly RoomEvent[]): number[] => events.map(({ seq }) => seq);

type Step =
  | { kind: "say"; times: number }
  | { kind: "remove"; place: number }
  | { kind: "store" | "trim" | "restart" };
const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant("say" as const), times: fc.integer({ min: 1, max: 30 }) }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("remove" as const), place: fc.nat(200) }) },
    { weight: 4, arbitrary: fc.constantFrom({ kind: "store" as const }, { kind: "trim" as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: "restart" as const }) },
  ),
  { minLength: 1, maxLength: 12 },
);

/** Lives through the steps in a fresh room. @returns the seqs that were given, and which messages were deleted. */
async function live(taken: readonly Step[]) {
  room = await environment.startRoom(`around-${++count}`);
  const given: number[] = [];
  /** A gateway refuses to delete anything else. */
  const messages: number[] = [];
  const gone = new Set<number>();
  const head = async () => (await node.scripts.heads([room]))[0]?.seq ?? 0;
  for (const step of taken) {
    const before = await head();
    if (step.kind === "say") await say(step.times);
    else if (step.kind === "remove") {
      const target = messages[step.place % Math.max(1, messages.length)];
      if (target !== undefined && !gone.has(target)) {
        await remove(target);
        if ((await head()) > before) gone.add(target);
      }
    } else if (step.kind === "store") await store();
    else if (step.kind === "trim") await trim();
    else {
      await store();
      await environment.redis.hset(environment.keys.room(room), "run", "another");
      await environment.openRoom(room);
      continue;
    }
    for (let seq = before + 1; seq <= (await head()); seq++) {
      given.push(seq);
      if (step.kind === "say") messages.push(seq);
    }
  }
  return { given, gone };
}

test("pages in both directions, put together, are the log, from any place and of any length", async () => {
  await fc.assert(
    fc.asyncProperty(
      steps,
      fc.array(fc.record({ place: fc.nat(300), older: fc.nat(40), newer: fc.integer({ min: 1, max: 40 }) }), {
        minLength: 1,
        maxLength: 3,
      }),
      async (taken, asked) => {
        const { given, gone } = await live(taken);
        const log = await wholeLog();
        expect(seqsOf(log)).toEqual(given);
        for (const event of log)
          if (event.type === "message") expect(event.deleted === true).toBe(gone.has(event.seq));
        for (const { place, older, newer } of asked) {
          // A place beside the events too, and one between two epochs.
          const from = (given[place % Math.max(1, given.length)] ?? 1) + (place % 3);
          const first = await reader("open").page(from, { older, newer });
          const pages = [first.events];
          for (let { more } = first, at = first.events[0]?.seq ?? from; more; ) {
            const page = await reader("open").page(at, { older: Math.max(1, older), newer: 0 });
            pages.unshift(page.events);
            at = page.events[0]?.seq ?? 0;
            more = page.more;
          }
          for (let { newer: goesOn } = first, at = first.events.at(-1)?.seq ?? from - 1; goesOn; ) {
            const page = await reader("open").page(at + 1, { older: 0, newer });
            expect(page.more).toBe(true);
            pages.push(page.events);
            at = page.events.at(-1)?.seq ?? 0;
            goesOn = page.newer;
          }
          expect(pages.flat()).toEqual(log);
        }
      },
    ),
    { numRuns: 40 },
  );
}, 120_000);

test("events that the worker writes and trims between the two reads are in the page once", async () => {
  await say(60);
  await store();
  await trim();
  await say(60);
  await remove(30);
  await remove(90);
  let isFirst = true;
  const meanwhile = async () => {
    if (!isFirst) return;
    isFirst = false;
    await remove(31);
    await store();
    await trim();
    await say(5);
  };
  const { events, more, newer } = await reader("open", meanwhile).page(1, { older: 0, newer: 200 });
  expect(seqsOf(events)).toEqual(Array.from({ length: 123 }, (_, index) => index + 1));
  expect([more, newer]).toEqual([false, false]);
  expect(events.filter((event) => event.type === "message" && event.deleted).map(({ seq }) => seq)).toEqual(
    expect.arrayContaining([30, 31, 90]),
  );
});

test("single events are found wherever they are, tombstones among them, and others are left out", async () => {
  await say(60);
  await store();
  await trim();
  await say(10);
  await remove(3);
  await remove(65);
  for (const kind of ["open", "archived"] as const) {
    const found = await reader(kind).find([70, 65, 3, 2, 999, 72]);
    expect(found.map(({ seq, type }) => [seq, type])).toEqual([
      [2, "message"],
      [3, "message"],
      [65, "message"],
      [70, "message"],
      [72, "deleted"],
    ]);
    expect(found.map((event) => event.type === "message" && event.deleted)).toEqual([
      ...[undefined, true, true, undefined, false],
    ]);
  }
});

test("an archived room is read the same way, whatever of its log is still in Redis", async () => {
  await say(50);
  await store();
  await trim();
  await say(10);
  const open = await reader("open").page(30, { older: 20, newer: 20 });
  expect(await reader("archived").page(30, { older: 20, newer: 20 })).toEqual(open);
  await store();
  await node.redis.del(node.keys.log(room), node.keys.tombstones(room));
  expect(await reader("archived").page(30, { older: 20, newer: 20 })).toEqual(open);
  expect(seqsOf(open.events)).toEqual(Array.from({ length: 40 }, (_, index) => index + 10));
  expect([open.more, open.newer]).toEqual([true, true]);
});

test("an idle room that left Redis is read without being brought back", async () => {
  await say(30);
  await store();
  await openPresenceStore(node.redis, node.keys).renew(node.keys.shardOf(room), "g1", 60_000, 1, []);
  expect(await node.scripts.leave(room, Number.MAX_SAFE_INTEGER)).toBe(true);
  const { events, newer } = await reader("open").page(11, { older: 0, newer: 20 });
  expect([seqsOf(events).at(0), seqsOf(events).at(-1), newer]).toEqual([11, 30, false]);
  expect(await environment.redis.exists(environment.keys.log(room))).toBe(0);
});
