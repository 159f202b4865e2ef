/** A user's mentions out of Redis and PostgreSQL, by the pages of a real worker and real appends. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { draftMessage } from "../../shared/server/redis/event-draft.ts";
import { openMentionStore } from "../../shared/server/redis/mention-store.ts";
import { archiveRest } from "../../worker/archive.ts";
import { createClosedAccountQueries } from "../../worker/closed-account-queries.ts";
import { createMentionQueries as createRemovals } from "../../worker/mention-queries.ts";
import { emptyClosed } from "../../worker/testing/empty-closed.ts";
import { AUTHOR, openTestEnvironment, type TestEnvironment } from "../../worker/testing/test-environment.ts";
import { createArchiveQueries } from "../history/archive-queries.ts";
import { createFindEvents } from "../history/find-events.ts";
import { createLogReads } from "../room-log/log-reads.ts";
import { createMentionFeed } from "./mention-feed.ts";
import { createMentionList } from "./mention-list.ts";
import { createMentionQueries } from "./mention-queries.ts";

const ANN = "01936f6e-0000-7000-8000-00000000000a";
const BOB = "01936f6e-0000-7000-8000-00000000000b";

let environment: TestEnvironment;
beforeAll(async () => {
  environment = await openTestEnvironment();
});
afterAll(() => environment.close());

const archive = () => archiveRest(environment.deps, 20_000);
let count = 0;
const freshRoom = () => environment.startRoom(`room-${++count}`);

async function mention(room: string, users: string[], author = AUTHOR): Promise<number> {
  const mentions = users.map((id, index) => ({ id, start: index * 4, length: 4 }));
  const place = { room, clientId: `c-${++count}` };
  const draft = draftMessage(place, { ...author, role: "user" }, "@ann@bob", { mentions });
  return (await environment.scripts.append(draft))?.seq ?? 0;
}

/** One gateway's list, of rooms whose names are not hidden. */
function openList({ hidden = new Set<string>(), keptSince = () => 0, now = () => performance.now() } = {}) {
  const { sql, redis, keys, scripts } = environment;
  const gate = { through: <T>(_: string, work: () => Promise<T>) => work() };
  const bounds = { events: 500, ms: 0, bytes: 8 << 20 };
  const logs = createLogReads({
    ...{ scripts, bounds, keptSince, recover: async () => undefined, redact: (event) => event },
  });
  const queries = createArchiveQueries(sql, keptSince);
  const find = createFindEvents(logs, { archive: queries, gate }, (json) => json);
  const feed = createMentionFeed(openMentionStore(redis, keys), now);
  const list = createMentionList({
    ...{ feed, gate, queries: createMentionQueries(sql, keptSince) },
    events: { open: { find }, archived: { find } },
    findRoom: async (_, name) => (hidden.has(name) ? undefined : { name, title: `of ${name}` }),
    readsOf: async () => ({ get: () => 1 }),
  });
  return { feed, list };
}
type List = ReturnType<typeof openList>["list"];
type Shown = { event: { room: string; seq: number; text: string }; room: { title: string }; read: boolean };

async function allOf(list: List, user = ANN, limit = 50): Promise<Shown[]> {
  const found: Shown[] = [];
  for (let before: Parameters<List["page"]>[1]; ; ) {
    const { mentions, next } = await list.page(user, before, limit, "reader");
    found.push(...mentions.map((json) => JSON.parse(json) as Shown));
    if (!next) return found;
    before = next;
  }
}
const placesOf = (found: Shown[]) => found.map(({ event }) => `${event.room} ${event.seq}`);
const forget = () => environment.sql`delete from mentions`;

describe("the list of a user's mentions", () => {
  test("is the same whatever the worker has by then, page by page, without deleted messages", async () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.record({ room: fc.nat(2), users: fc.subarray([ANN, BOB]) }) },
      fc.constantFrom("archive" as const, "delete" as const),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 25 }),
        fc.integer({ min: 1, max: 4 }),
        async (steps, limit) => {
          await forget();
          const rooms = [await freshRoom(), await freshRoom(), await freshRoom()];
          const { list } = openList();
          const expected: { place: string; at: number; seq: number }[] = [];
          let given = 0;
          for (const each of steps) {
            if (each === "archive") await archive();
            else if (each === "delete") {
              const last = expected.pop();
              const [room = "", seq] = last?.place.split(" ") ?? [];
              if (last) await environment.remove(room, Number(seq));
            } else {
              const room = rooms[each.room] ?? "";
              const seq = await mention(room, each.users);
              if (each.users.includes(ANN)) expected.push({ place: `${room} ${seq}`, at: given++, seq });
              // No two rooms have the same millisecond, so that the order is known.
              const at = Date.now();
              while (Date.now() === at);
            }
          }
          const known = new Set(rooms);
          const ours = placesOf(await allOf(list, ANN, limit)).filter((place) =>
            known.has(place.split(" ")[0] ?? ""),
          );
          expect(ours).toEqual(expected.map(({ place }) => place).reverse());
          await archive();
          const later = placesOf(await allOf(openList().list)).filter((place) =>
            known.has(place.split(" ")[0] ?? ""),
          );
          expect(later).toEqual(ours);
        },
      ),
      { numRuns: 25 },
    );
  });

  test("has the whole message, the room's title, and whether it was read", async () => {
    await forget();
    const room = await freshRoom();
    await mention(room, [ANN]);
    await mention(room, [ANN]);
    const shown = (await allOf(openList().list)).filter(({ event }) => event.room === room);
    expect(shown.map(({ event, read }) => [event.seq, read])).toEqual([
      [2, false],
      [1, true],
    ]);
    expect(shown[0]).toMatchObject({
      event: { type: "message", text: "@ann@bob" },
      room: { title: `of ${room}` },
    });
  });

  test("has nothing of rooms that the user may not know of, and not what they wrote themselves", async () => {
    const [open, hidden] = [await freshRoom(), await freshRoom()];
    await mention(open, [ANN]);
    await mention(hidden, [ANN]);
    await mention(open, [ANN], { id: ANN, nickname: "ann" });
    await archive();
    const places = placesOf(await allOf(openList({ hidden: new Set([hidden]) }).list));
    expect(places.filter((place) => place.startsWith(open))).toEqual([`${open} 1`]);
    expect(places.some((place) => place.startsWith(hidden))).toBe(false);
  });
});

describe("rows of mentions", () => {
  const rowsIn = async (room: string) =>
    (
      await environment.sql<{ seq: number }[]>`
      select seq::integer as seq from mentions m join rooms r on r.id = m.room_id where r.name = ${room} order by seq`
    ).map(({ seq }) => seq);

  test("are written by whoever writes the message, for repliers' targets too, and odd ones are ignored", async () => {
    const room = await freshRoom();
    const put = (extra: object) =>
      environment.put(room, (seq) =>
        JSON.stringify({
          type: "message",
          room,
          seq,
          at: Date.now(),
          user: AUTHOR,
          clientId: "c",
          text: "x",
          ...extra,
        }),
      );
    await put({ reply: { seq: 1, user: ANN } });
    await put({ mentions: "none", reply: 7 });
    await put({ mentions: [{ id: "no id" }, 7, null, { id: BOB }, { id: BOB }] });
    await put({ mentions: [{ id: AUTHOR.id }] });
    await archive();
    expect(await rowsIn(room)).toEqual([1, 3]);
    expect(await environment.deadLetters(room)).toHaveLength(0);
  });

  test("go with their message, their room, their user, and their day", async () => {
    const [room, closing] = [await freshRoom(), await freshRoom()];
    for (const users of [[ANN], [ANN], [BOB]]) await mention(room, users);
    await mention(closing, [ANN]);
    await archive();
    await environment.remove(room, 1);
    await archive();
    expect(await rowsIn(room)).toEqual([2, 3]);
    await createClosedAccountQueries(environment.sql).noteErased([BOB]);
    expect(await rowsIn(room)).toEqual([2]);
    const [left] = await environment.sql`select id from rooms where name = ${closing}`;
    await environment.sql`select delete_room(${left?.id}, 1)`;
    await emptyClosed(environment);
    expect(await environment.sql`select from mentions where room_id = ${left?.id}`).toHaveLength(0);
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    expect(await createRemovals(environment.sql).forgetBefore(tomorrow, 10_000)).toBeGreaterThan(0);
    expect(await environment.sql`select from mentions`).toHaveLength(0);
  });
});

describe("the newest mentions, of Redis", () => {
  const placesIn = async (feed: ReturnType<typeof openList>["feed"], room: string) =>
    (await feed.recentOf(ANN)).filter((note) => note.room === room).map(({ seq }) => seq);

  test("are those of a moment ago, also after Redis lost a stream, and each once", async () => {
    const { feed } = openList();
    const room = await freshRoom();
    const stream = environment.keys.mentions(environment.keys.shardOf(room));
    await mention(room, [ANN]);
    expect(await placesIn(feed, room)).toEqual([1]);
    const entries = await environment.redis.xrange(stream, "-", "+");
    await environment.redis.del(stream);
    // As after a jump of the clock: the ids begin far below those that were read.
    for (const [index, [, fields]] of entries.entries())
      await environment.redis.xadd(stream, `${index + 1}-0`, ...fields);
    const again = ["room", room, "seq", "2", "at", "1", "by", AUTHOR.id, "ids", ANN];
    await environment.redis.xadd(stream, `${entries.length + 1}-0`, ...again);
    expect(await placesIn(feed, room)).toEqual([1, 2]);
    await environment.redis.del(stream);
  });

  test("are forgotten after a while, because PostgreSQL has had them for long", async () => {
    const clock = { now: 0 };
    const { feed } = openList({ now: () => clock.now });
    const room = await freshRoom();
    await mention(room, [ANN]);
    expect(await placesIn(feed, room)).toEqual([1]);
    clock.now += 15 * 60_000;
    await mention(room, [BOB]);
    expect(await placesIn(feed, room)).toEqual([]);
  });
});
