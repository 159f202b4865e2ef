import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import type { RoomLevel } from "../../shared/push-api.ts";
import type { PushMessage } from "../../shared/push-message.ts";
import type { RoomHead } from "../../shared/server-frames.ts";
import { createFakeClock } from "../sync/clock.fake.ts";
import { createPageAlerts } from "./page-alerts.ts";
import { createRoomNews } from "./room-news.ts";

type Deps = Parameters<typeof createPageAlerts>[0];
const LINE = `d-${"a".repeat(26)}`;

/** A page that nobody looks at, in which notifications are on. */
function openCase({ levels = {} as Record<string, RoomLevel>, hidesText = false, front = false } = {}) {
  const clock = createFakeClock();
  const heads = signal<ReadonlyMap<string, RoomHead>>(new Map());
  const document = { visibilityState: "hidden", hasFocus: () => false };
  const said = new Map<string, object[]>();
  const shown: PushMessage[] = [];
  const closed: string[] = [];
  let rings = 0;
  const asUser = async (_: string, path: string) => {
    if (path === "/api/me/push") return { ok: true, value: { on: true, front } };
    return { ok: true, value: { events: said.get(/rooms\/([^/]+)/.exec(path)?.[1] ?? "") ?? [] } };
  };
  const platform = { api: { asUser }, clock, view: { document } };
  const newest = createRoomNews({
    session: { user: signal({ id: "me" }) },
    ignored: { has: (id: string) => id === "troll" },
    language: { language: signal("ko") },
    rooms: { isLine: (name: string) => name === LINE, own: () => [{ name: "tea", title: "차" }] },
    platform,
    hidesText: signal(hidesText),
    readOf: (room: string) => heads.peek().get(room)?.read ?? 0,
  } as unknown as Parameters<typeof createRoomNews>[0]);
  createPageAlerts({
    platform,
    levels: { of: (room: string) => levels[room] ?? (room === LINE ? "all" : "mentions") },
    isOn: () => true,
    heads,
    newest,
    show: async (message: PushMessage) => shown.push(message) > 0,
    close: async (room: string, seq: number) => void closed.push(`${room} ${seq}`),
    ring: () => {
      rings += 1;
    },
  } as unknown as Deps);
  const head = (room: string, numbers: Partial<RoomHead>) => {
    const now = heads.peek().get(room) ?? { room, head: 0, unread: 0, mentions: 0, read: 0 };
    heads.value = new Map(heads.peek()).set(room, { ...now, ...numbers });
  };
  for (const room of ["tea", LINE]) head(room, {});
  return {
    ...{ clock, document, shown, closed, head },
    rings: () => rings,
    say: (room: string, seq: number, more: object = {}) =>
      said.set(room, [
        ...(said.get(room) ?? []),
        {
          type: "message",
          room,
          seq,
          at: seq,
          text: `말 ${seq}`,
          user: { id: "ben", nickname: "벤" },
          ...more,
        },
      ]),
    /** Until everything that is due is done. */
    async pass(ms: number) {
      clock.advance(ms);
      for (let i = 0; i < 20; i++) await Promise.resolve();
    },
  };
}
const toMe = { mentions: [{ id: "me", start: 0, length: 2 }] };

test("a mention and a direct line are shown, other messages are not, and nothing that was there before", async () => {
  const page = openCase();
  page.say("tea", 1, toMe);
  page.say("tea", 2);
  page.say(LINE, 1);
  page.head("tea", { head: 2, unread: 2, mentions: 1 });
  page.head(LINE, { head: 1, unread: 1 });
  await page.pass(1_000);
  expect(page.shown.map(({ room, seq, kind, title, direct }) => [room, seq, kind, title, direct])).toEqual([
    ["tea", 1, "mention", "차", undefined],
    [LINE, 1, "message", LINE, true],
  ]);
  expect(page.shown[0]).toMatchObject({ to: "me", author: "벤", text: "말 1", language: "ko" });
  // The mention has rung already.
  expect(page.rings()).toBe(1);
  page.head("tea", { head: 3, unread: 3 });
  await page.pass(20_000);
  expect(page.shown).toHaveLength(2);
});

test("of a room with everything each message is news, within ten seconds once; of one with nothing none is", async () => {
  const page = openCase({ levels: { tea: "all", [LINE]: "none" } });
  for (const seq of [1, 2, 3]) {
    page.say("tea", seq);
    page.say(LINE, seq, toMe);
    page.head("tea", { head: seq, unread: seq });
    page.head(LINE, { head: seq, unread: seq, mentions: seq });
    await page.pass(1_000);
  }
  expect(page.shown.map(({ seq }) => seq)).toEqual([1]);
  await page.pass(10_000);
  expect(page.shown.map(({ room, seq }) => [room, seq])).toEqual([
    ["tea", 1],
    ["tea", 3],
  ]);
});

test("nothing is shown to somebody who looks at this page, or at another one anywhere", async () => {
  for (const front of [true, false]) {
    const page = openCase({ front });
    if (!front) Object.assign(page.document, { visibilityState: "visible", hasFocus: () => true });
    page.say("tea", 1, toMe);
    page.head("tea", { head: 1, unread: 1, mentions: 1 });
    await page.pass(1_000);
    expect(page.shown).toEqual([]);
  }
});

test("an ignored person's, a deleted and a read message are not shown, nor a text that is to be hidden", async () => {
  const page = openCase({ hidesText: true });
  page.say("tea", 1, toMe);
  page.say("tea", 2, { ...toMe, user: { id: "troll", nickname: "x" } });
  page.say("tea", 3, { ...toMe, deleted: true });
  page.head("tea", { head: 3, unread: 3, mentions: 3 });
  await page.pass(1_000);
  expect(page.shown.map(({ seq, text }) => [seq, text])).toEqual([[1, undefined]]);
  page.head("tea", { mentions: 4, read: 1 });
  await page.pass(20_000);
  expect(page.shown).toHaveLength(1);
});

test("a notification goes when its room is read, wherever that is", () => {
  const page = openCase();
  page.head("tea", { head: 5, unread: 1, read: 4 });
  page.head("tea", { unread: 0, read: 5 });
  expect(page.closed).toEqual(["tea 4", "tea 5"]);
});
