/** Reactions on a real Redis: gathered by several gateways, appended as events of the room's one order. */
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { openReactionStore, type Reaction } from "../../../shared/server/redis/reaction-store.ts";
import type { ReactionsEvent, RoomEvent } from "../../../shared/server-frames.ts";
import { startRedis, type TestRedis } from "../../../test/support/redis.ts";
import { openTestNode, type TestNode } from "../../testing/test-node.ts";
import { createGathering } from "./gathering.ts";
import { createReact } from "./react.ts";

const [ANA, BEN] = ["01936f6e-0000-7000-8000-0000000000a1", "01936f6e-0000-7000-8000-0000000000b2"] as const;
const LIMIT = { timeout: 8_000 };
let server: TestRedis;
let nodes: TestNode[] = [];
let rooms = 0;
let n = 0;

beforeAll(async () => {
  server = await startRedis({});
});
afterEach(() => {
  for (const node of nodes) node.close();
  nodes = [];
});
afterAll(() => server.stop());

type Known = { exists?: boolean; isOn?: boolean; emojis?: string[]; author?: string };
/** A gateway with its reactions. `known`: the answers of PostgreSQL. */
async function gateway({
  known = {} as Known,
  pace = undefined as { perSecond: number; burst: number } | undefined,
  archive = { lastSeq: 0 },
} = {}) {
  const node = await openTestNode(server.url, archive);
  nodes.push(node);
  const store = openReactionStore(node.redis, node.keys, pace);
  const errors: unknown[] = [];
  const gathering = createGathering({
    ...{ store, recover: node.restore },
    onInternalError: (error) => String(errors.push(error)),
  });
  const lookUps: number[] = [];
  const react = createReact({
    users: { find: async (id) => ({ user: { id, nickname: "n", role: "user" }, restricted: undefined }) },
    ...{ gathering, scripts: node.scripts },
    archive: {
      find: async (_, seq) => {
        lookUps.push(seq);
        if (known.exists !== true) return undefined;
        const row = { seq, at: 1, kind: "message", userId: ANA, nickname: "n", clientId: "c", text: "t" };
        return { ...row, deleted: false, data: null, deletion: undefined };
      },
    },
    queries: { findOne: async () => ({ isOn: known.isOn ?? false, emojis: known.emojis ?? [] }) },
  });
  const give = (reaction: Partial<Reaction> & { room: string; target: number }) =>
    react({ emoji: "👍", userId: ANA, on: true, ...reaction }).then(
      () => "ok",
      (error: { code?: string; message: string }) => error.code ?? error.message,
    );
  return { node, store, gathering, give, lookUps, errors };
}
type Gateway = Awaited<ReturnType<typeof gateway>>;

/** A room with a message. @returns its name and the seq of the message. */
async function roomWith({ node }: Gateway) {
  const room = `room-${++rooms}`;
  const target = await node.append(room, `c${++n}`);
  return { room, target };
}
async function eventsOf({ node }: Gateway, room: string): Promise<RoomEvent[]> {
  const read = await node.scripts.readAfter(room, 0, 1_000);
  return (read?.entries ?? []).map(({ bytes }) => JSON.parse(bytes.toString()) as RoomEvent);
}
const reactionsOf = async (at: Gateway, room: string): Promise<ReactionsEvent[]> =>
  (await eventsOf(at, room)).filter((event) => event.type === "reactions");
/** Users with each reaction, after all events; fails when a change is none. */
async function stateOf(at: Gateway, room: string): Promise<Record<string, string[]>> {
  const state = new Map<string, Set<string>>();
  for (const { changes } of await reactionsOf(at, room)) {
    for (const { target, emoji, on, off } of changes) {
      const users = state.get(`${target} ${emoji}`) ?? new Set();
      for (const id of on) expect(users.has(id)).toBe(false);
      for (const id of off) expect(users.has(id)).toBe(true);
      for (const id of on) users.add(id);
      for (const id of off) users.delete(id);
      state.set(`${target} ${emoji}`, users);
    }
  }
  return Object.fromEntries([...state].map(([key, users]) => [key, [...users].sort()]));
}
const isQuiet = async ({ node }: Gateway, room: string): Promise<void> => {
  await vi.waitFor(async () => {
    expect(await node.redis.exists(node.keys.reacting(room))).toBe(0);
    expect(await node.redis.hget(node.keys.room(room), "reacting")).toBe(null);
  }, LIMIT);
};

test("a reaction becomes an event at once, further ones of any gateway become one a second later", async () => {
  const [a, b] = [await gateway(), await gateway()];
  const { room, target } = await roomWith(a);
  expect(await a.give({ room, target })).toBe("ok");
  await vi.waitFor(async () => expect(await reactionsOf(a, room)).toHaveLength(1), LIMIT);
  expect(await b.give({ room, target, userId: BEN })).toBe("ok");
  expect(await b.give({ room, target, userId: BEN, emoji: "🎉" })).toBe("ok");
  expect(await a.give({ room, target, on: false })).toBe("ok");
  await isQuiet(a, room);
  const [first, second, ...more] = await reactionsOf(a, room);
  expect(more).toEqual([]);
  expect(first).toMatchObject({ seq: 2, changes: [{ target, emoji: "👍", on: [ANA], off: [] }] });
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(1_000);
  expect(await stateOf(a, room)).toEqual({ [`${target} 👍`]: [BEN], [`${target} 🎉`]: [BEN] });
});

test("nothing but a change is in an event, whatever is repeated, and of two wishes the later one counts", async () => {
  const a = await gateway();
  const { room, target } = await roomWith(a);
  await a.give({ room, target });
  await isQuiet(a, room);
  for (const on of [true, false, true]) await a.give({ room, target, on });
  await a.give({ room, target, userId: BEN, on: false });
  await isQuiet(a, room);
  expect(await reactionsOf(a, room)).toHaveLength(1);
  expect(await stateOf(a, room)).toEqual({ [`${target} 👍`]: [ANA] });
});

test("a gateway that dies leaves its reactions to another one", async () => {
  const [a, b] = [await gateway(), await gateway()];
  const { room, target } = await roomWith(a);
  await a.store.gather({
    room,
    target,
    emoji: "👍",
    userId: ANA,
    on: true,
    attempt: "first",
    archived: undefined,
  });
  expect((await b.node.scripts.heads([room]))[0]?.reacting).toBe(true);
  b.gathering.noteGathered(room);
  await isQuiet(b, room);
  expect(await stateOf(b, room)).toEqual({ [`${target} 👍`]: [ANA] });
});

test("a reaction that Redis loses after it was acknowledged comes back from the gateway that acknowledged it", async () => {
  const a = await gateway();
  const { room, target } = await roomWith(a);
  // The room's pause keeps the second one back.
  await a.give({ room, target, emoji: "🎉" });
  await vi.waitFor(async () => expect(await reactionsOf(a, room)).toHaveLength(1), LIMIT);
  const loaded = await a.node.rooms.acquire(room);
  await a.give({ room, target });
  await a.node.redis.flushall();
  await vi.waitFor(async () => expect((await reactionsOf(a, room)).length).toBe(2), LIMIT);
  expect(loaded.name).toBe(room);
  expect(await stateOf(a, room)).toEqual({ [`${target} 👍`]: [ANA], [`${target} 🎉`]: [ANA] });
});

test("after Redis lost everything, the log still knows which reactions are there", async () => {
  const a = await gateway();
  const { room, target } = await roomWith(a);
  await a.node.rooms.acquire(room);
  await a.give({ room, target });
  await isQuiet(a, room);
  await vi.waitFor(() => expect(a.node.frames.some(({ type }) => type === "reactions")).toBe(true), LIMIT);
  await a.node.redis.flushall();
  await a.node.restore(room);
  await a.give({ room, target });
  await a.give({ room, target, userId: BEN });
  await isQuiet(a, room);
  expect(await stateOf(a, room)).toEqual({ [`${target} 👍`]: [ANA, BEN] });
  expect(await a.give({ room, target, on: false })).toBe("ok");
  await isQuiet(a, room);
  expect(await stateOf(a, room)).toEqual({ [`${target} 👍`]: [BEN] });
  expect(a.lookUps).toEqual([]);
});

test("a message that only PostgreSQL has is looked up there, and what is there already is no change", async () => {
  const a = await gateway({ known: { exists: true, isOn: true, emojis: ["👍"] }, archive: { lastSeq: 40 } });
  const { room } = await roomWith(a);
  await a.give({ room, target: 5 });
  await isQuiet(a, room);
  expect(await reactionsOf(a, room)).toEqual([]);
  expect(a.lookUps).toEqual([5]);
  await a.give({ room, target: 5, on: false });
  await isQuiet(a, room);
  await a.give({ room, target: 5 });
  await isQuiet(a, room);
  const events = await reactionsOf(a, room);
  expect(events.map(({ changes }) => changes)).toEqual([
    [{ target: 5, emoji: "👍", on: [], off: [ANA] }],
    [{ target: 5, emoji: "👍", on: [ANA], off: [] }],
  ]);
});

test("there is no reaction to what is no message, to a deleted one, or by what is no emoji", async () => {
  const a = await gateway();
  const { room, target } = await roomWith(a);
  await a.give({ room, target });
  await isQuiet(a, room);
  expect(await a.give({ room, target: target + 1 })).toBe("no_such_message");
  expect(await a.give({ room, target: 900 })).toBe("no_such_message");
  for (const emoji of ["", "a", "1", "👍👍", "👍 ", "<b>", "‮", "👨‍👩‍👧‍👦👨‍👩‍👧‍👦"])
    expect(await a.give({ room, target, emoji })).toBe("invalid");
  const draft = { room, userId: "u1", clientId: "d", prefix: `{"type":"deleted","room":"${room}","seq":` };
  await a.node.scripts.delete(
    { ...draft, suffix: `,"target":${target},"by":"u1","clientId":"d"}` },
    { target, any: false, tombstone: "" },
  );
  expect(await a.give({ room, target })).toBe("no_such_message");
});

test("a reaction to a message that is deleted before its event is dropped with it", async () => {
  const a = await gateway();
  const { room, target } = await roomWith(a);
  await a.store.gather({
    room,
    target,
    emoji: "👍",
    userId: ANA,
    on: true,
    attempt: "first",
    archived: undefined,
  });
  const draft = { room, userId: "u1", clientId: "d", prefix: `{"type":"deleted","room":"${room}","seq":` };
  await a.node.scripts.delete(
    { ...draft, suffix: `,"target":${target},"by":"u1","clientId":"d"}` },
    { target, any: false, tombstone: "" },
  );
  await a.store.append(room);
  await isQuiet(a, room);
  expect(await reactionsOf(a, room)).toEqual([]);
});

test("a message has at most twenty different ones, of which each may have any number", async () => {
  const a = await gateway();
  const { room, target } = await roomWith(a);
  const emojis = Array.from({ length: 21 }, (_, index) => String.fromCodePoint(0x1f400 + index));
  for (const emoji of emojis.slice(0, 20)) expect(await a.give({ room, target, emoji })).toBe("ok");
  expect(await a.give({ room, target, emoji: emojis[20] ?? "" })).toBe("too_many_reactions");
  expect(await a.give({ room, target, emoji: emojis[3] ?? "", userId: BEN })).toBe("ok");
  expect(await a.give({ room, target, emoji: emojis[20] ?? "", on: false })).toBe("ok");
});

test("one person reacts at a certain rate on all gateways together, and others are not held back", async () => {
  const pace = { perSecond: 1, burst: 3 };
  const [a, b] = [await gateway({ pace }), await gateway({ pace })];
  const { room, target } = await roomWith(a);
  const answers = [];
  for (const on of [a, b, a, b]) answers.push(await on.give({ room, target }));
  expect(answers).toEqual(["ok", "ok", "ok", "too_fast"]);
  expect(await a.give({ room, target, userId: BEN })).toBe("ok");
});

test("an idle room with reactions that nobody appended stays in Redis until its next member has them appended", async () => {
  const a = await gateway();
  const { room, target } = await roomWith(a);
  const { scripts, redis, keys } = a.node;
  const reaction = { room, target, emoji: "👍", userId: ANA, on: true };
  await a.store.gather({ ...reaction, attempt: "first", archived: undefined });
  await scripts.commit(room, target);
  const now = Date.now();
  // Gateways of this release were heard, and none of the release before.
  await redis.hset(keys.clock(keys.shardOf(room)), "last", `${now}.0`, "jumped", `0n${now}`, "heard", "0");
  expect(await scripts.leave(room, Number.MAX_SAFE_INTEGER)).toBe(false);
  await a.store.append(room);
  expect(await stateOf(a, room)).toEqual({ [`${target} 👍`]: [ANA] });
  await scripts.commit(room, target + 1);
  expect(await scripts.leave(room, Number.MAX_SAFE_INTEGER)).toBe(true);
  const left = await redis.keys(`*:room:${room}*`);
  expect(left.filter((key) => !key.includes(":sent:"))).toEqual([keys.room(room)]);
});

test("a crowd that reacts at once is taken in pieces, each change once", async () => {
  const a = await gateway();
  const { room, target } = await roomWith(a);
  const users = Array.from(
    { length: 900 },
    (_, index) => `01936f6e-0000-7000-8000-${String(index).padStart(12, "0")}`,
  );
  await Promise.all(users.map((userId) => a.give({ room, target, userId })));
  await isQuiet(a, room);
  expect(await stateOf(a, room)).toEqual({ [`${target} 👍`]: users.toSorted() });
  expect((await reactionsOf(a, room)).length).toBeLessThan(6);
}, 20_000);
