/** The number of rooms notified about one person, however many rooms and gateways there are. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createLog } from "../../shared/server/process/logger.ts";
import { openNoticeStore } from "../../shared/server/redis/notice-store.ts";
import { openUserStore } from "../../shared/server/redis/user-store.ts";
import { startRedis, type TestRedis } from "../../test/support/redis.ts";

import { createControlHandlers } from "../apply-control-events.ts";
import { openTestNode, type TestNode } from "../testing/test-node.ts";

import { createNotices } from "./notices.ts";

const ALL = Array.from({ length: 200 }, (_, index) => `room-${index}`);
const NOTIFIED_MAX = 20;
let server: TestRedis;
let node: TestNode;
beforeAll(async () => {
  server = await startRedis();
  node = await openTestNode(server.url, { lastSeq: 0 });
  for (const room of ALL) await node.restore(room);
});
afterAll(async () => {
  node.close();
  await server.stop();
});

const nothing = () => undefined;
/** The handler of the control log on a gateway where the person's sockets are in these rooms. */
const gateway = (rooms: readonly string[]) => {
  const notified: Promise<void>[] = [];
  const notices = createNotices({
    scripts: openNoticeStore(node.redis, node.keys),
    roomLog: node.roomLog,
    log: createLog("notices", "silent"),
    onInternalError: (error) => {
      throw error;
    },
  });
  const sockets = {
    endSessions: nothing,
    ban: nothing,
    restrict: nothing,
    change: nothing,
    roomsOf: () => (rooms.length > 0 ? { nickname: "Ana", rooms: new Set(rooms) } : undefined),
  };
  const identities = { change: () => true, restrict: () => true };
  const effects = createControlHandlers({
    sockets,
    people: {
      ...{ identities, bans: { add: nothing, lift: nothing }, closed: { add: nothing } },
      ...{ forget: async () => undefined, raid: { waitMs: () => 0 } },
    },
    notices: {
      notifyAboutUser: (...news: Parameters<typeof notices.notifyAboutUser>) =>
        notified[notified.push(notices.notifyAboutUser(...news)) - 1] as Promise<void>,
    },
    rooms: { directory: { invalidate: nothing }, live: { redactAgain: nothing } },
  } as unknown as Parameters<typeof createControlHandlers>[0]);
  return { ...effects, settled: () => Promise.all(notified) };
};

let entries = 0;
const newEntry = (): string => `${Date.now()}-${++entries}`;
let people = 0;
const newUser = (): string => `u${++people}`;
const renamed = (id: string) =>
  ({ kind: "user_changed", user: { id, nickname: "Ana anew", role: "user" }, before: "Ana" }) as const;
/** Rooms by the notices about the user in their log, one entry for each notice. */
async function notifiedOf(user: string): Promise<string[]> {
  const logs = await Promise.all(ALL.map((room) => node.redis.xrange(node.keys.log(room), "-", "+")));
  return logs.flatMap((entries, index) =>
    entries.filter(([, fields]) => fields[1]?.includes(`"${user}"`)).map(() => ALL[index] as string),
  );
}
async function speak(userId: string, rooms: readonly string[]): Promise<void> {
  const rules = { on: false, perSecond: 5, burst: 5, mutesMs: [1_000] };
  const users = openUserStore(node.redis, node.keys, rules);
  const { asked } = await users.find(userId);
  await users.keep(userId, { nickname: "Ana", role: "user", restricted: undefined, version: 1 }, asked);
  for (const room of rooms)
    await users.admit({
      ...{
        userId,
        room,
        clientId: `c-${room}`,
        text: "hello there",
        fingerprint: "0a",
        exempt: true,
        slowModeMs: 0,
      },
    });
}

test("ten renames of somebody in 200 rooms, over four gateways, are told in 20 rooms each, once", async () => {
  const user = newUser();
  const gateways = [0, 1, 2, 3].map((index) => gateway(ALL.filter((_, room) => room % 4 >= index)));
  const since = performance.now();
  for (let count = 0; count < 10; count++) {
    const entry = newEntry();
    for (const { user_changed } of gateways) user_changed(renamed(user), entry);
  }
  await Promise.all(gateways.map(({ settled }) => settled()));
  const notified = await notifiedOf(user);
  expect(notified).toHaveLength(10 * NOTIFIED_MAX);
  expect(performance.now() - since).toBeLessThan(10_000);
});

test("first the rooms that the person spoke in lately, also when they are in none of them", async () => {
  const user = newUser();
  await speak(user, ["room-150", "room-151"]);
  const [here, elsewhere] = [gateway(ALL.slice(0, 50)), gateway([])];
  const entry = newEntry();
  for (const { user_changed } of [here, elsewhere]) user_changed(renamed(user), entry);
  await Promise.all([here.settled(), elsewhere.settled()]);
  const notified = await notifiedOf(user);
  expect(notified).toHaveLength(NOTIFIED_MAX);
  expect(notified.filter((room) => room === "room-150" || room === "room-151")).toHaveLength(2);
  // Of the user's rooms the ones they joined last.
  expect(notified).toContain("room-49");
  expect(notified).not.toContain("room-0");
});

test("a room where they spoke days ago is not told", async () => {
  const user = newUser();
  await speak(user, ["room-160"]);
  const key = node.keys.userRecent(user);
  const [entry = ""] = await node.redis.lrange(key, 0, -1);
  await node.redis.lset(key, 0, entry.replace(/^\d+/, String(Date.now() - 2 * 86_400_000)));
  const { user_changed, settled } = gateway([]);
  user_changed(renamed(user), newEntry());
  await settled();
  expect(await notifiedOf(user)).toEqual([]);
});

test("a gateway that hears of it again tells nothing new", async () => {
  const user = newUser();
  const [here, late] = [gateway(ALL.slice(0, 30)), gateway(ALL.slice(30, 60))];
  const entry = newEntry();
  here.user_changed(renamed(user), entry);
  await here.settled();
  const before = await notifiedOf(user);
  for (const { user_changed, settled } of [late, here]) {
    user_changed(renamed(user), entry);
    await settled();
  }
  expect([before.length, await notifiedOf(user)]).toEqual([NOTIFIED_MAX, before]);
});

test.each([
  [
    "a mute",
    (user: string) => ({ kind: "restricted", user, reason: "x", until: 9e12, by: "m", nickname: "Ana" }),
  ],
  [
    "a mute by way of an older gateway",
    (user: string) => ({ kind: "restricted", user, reason: "x", until: 9e12, by: "m" }),
  ],
  ["a role", (id: string) => ({ kind: "user_changed", user: { id, nickname: "Ana", role: "moderator" } })],
])("%s is told in as many", async (_, event) => {
  const user = newUser();
  const gateways = [gateway(ALL.slice(0, 100)), gateway(ALL.slice(100))];
  const entry = newEntry();
  const news = event(user);
  for (const effects of gateways) effects[news.kind as "restricted"](news as never, entry);
  await vi.waitFor(async () => expect(await notifiedOf(user)).toHaveLength(NOTIFIED_MAX));
  await Promise.all(gateways.map(({ settled }) => settled()));
  expect(await notifiedOf(user)).toHaveLength(NOTIFIED_MAX);
});
