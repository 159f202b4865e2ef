import { computed, signal } from "@preact/signals";
import { expect, test } from "vitest";
import type { ClientFrame } from "../../shared/client-frames.ts";
import type { RoomHead } from "../../shared/server-frames.ts";
import { createFakeClock } from "../sync/clock.fake.ts";
import { FOLLOWING } from "./frame-handlers.ts";
import { createUnread } from "./unread.ts";

type Deps = Parameters<typeof createUnread>[0];

/** A page whose browser, list of rooms and connection the test plays. */
function openFakePage() {
  const clock = createFakeClock();
  const sent: ClientFrame[] = [];
  const listeners = new Map<string, () => void>();
  const document = {
    visibilityState: "visible",
    focused: true,
    hasFocus: () => document.focused,
    addEventListener: (type: string, listener: () => void) => void listeners.set(type, listener),
    querySelector: () => null,
  };
  const view = { document, addEventListener: document.addEventListener };
  const room = signal("tea");
  const names = signal(["tea", "milk"]);
  const last = signal(0);
  const atNewest = signal(true);
  const connection = signal("c1");
  const silent = signal("");
  const since = signal<number | undefined>(undefined);
  const unread: Deps["unread"] = { since, title: signal(""), heard: () => undefined };
  const current = computed(() => ({
    name: room.value,
    state: signal("joined"),
    viewport: { atNewest, shown: signal([{ seq: last.value }]) },
    log: computed(() => ({ last: last.value })),
  }));
  const state = createUnread({
    chat: { room: current },
    connection: { socket: computed(() => ({ at: "live", connection: connection.value })) },
    rooms: { own: () => names.value.map((name) => ({ name })) },
    route: { room },
    unread,
    isSilent: (name: string) => silent.value === name,
    platform: { clock, view, send: (frame: ClientFrame) => sent.push(frame) > 0 },
  } as unknown as Deps);
  const heads = (all: boolean, ...rooms: (Partial<RoomHead> & { room: string })[]) =>
    unread.heard({
      type: "heads",
      rooms: rooms.map((each) => ({ head: 0, unread: 0, mentions: 0, read: 0, ...each })),
      ...(all ? { all } : {}),
    });
  const focus = (focused: boolean) => {
    document.focused = focused;
    listeners.get("focus")?.();
  };
  clock.advance(0);
  return {
    ...{ clock, sent, room, names, last, atNewest, connection, since, silent, unread, state, heads, focus },
  };
}
const reads = (sent: readonly ClientFrame[]) =>
  sent.flatMap((frame) => (frame.type === "read" ? [`${frame.room} ${frame.seq}`] : []));
const follows = (sent: readonly ClientFrame[]) =>
  sent.flatMap((frame) => (frame.type === "follow" ? [frame.rooms.join(" ")] : []));

test("the rooms of the list are followed on each connection, and when the list has changed and settled", () => {
  const page = openFakePage();
  expect(follows(page.sent)).toEqual(["tea milk"]);
  page.names.value = ["tea", "milk", "rice"];
  page.names.value = ["tea", "rice"];
  page.clock.advance(300);
  page.connection.value = "c2";
  page.clock.advance(0);
  expect(follows(page.sent)).toEqual(["tea milk", "tea rice", "tea rice"]);
});

test("the title counts what is unread elsewhere, and ends at 99+", () => {
  const { heads, unread, state } = openFakePage();
  heads(true, { room: "tea", unread: 5 }, { room: "milk", unread: 3, mentions: 1 });
  expect([unread.title.value, state.of("tea").messages, state.of("milk")]).toEqual([
    ...["(3) ", 0, { messages: 3, mentions: 1 }],
  ]);
  heads(false, { room: "milk", unread: 100 });
  expect(unread.title.value).toBe("(99+) ");
  state.readAll();
  expect(unread.title.value).toBe("");
  state.clear();
  expect(state.of("milk").messages).toBe(0);
});

test("a room is read when its newest message is before the person, at once and then ever less often", () => {
  const { heads, sent, last, clock } = openFakePage();
  last.value = 4;
  expect(reads(sent)).toEqual([]);
  heads(true, { room: "tea", read: 1, unread: 3 });
  expect(reads(sent)).toEqual(["tea 4"]);
  for (let n = 0; n < 200; n++) {
    last.value += 1;
    clock.advance(100);
  }
  expect(reads(sent).length).toBeLessThanOrEqual(7);
  clock.advance(5_000);
  expect(reads(sent).at(-1)).toBe("tea 204");
});

test("a page that the person does not look at reads nothing, and tells at once how far they got when they look away", () => {
  const { heads, sent, last, focus } = openFakePage();
  heads(true, { room: "tea", read: 0 });
  last.value = 2;
  last.value = 3;
  focus(false);
  last.value = 5;
  expect(reads(sent)).toEqual(["tea 2", "tea 3"]);
  focus(true);
  expect(reads(sent).slice(0, 2)).toEqual(["tea 2", "tea 3"]);
});

test("scrolled up, nothing is read until the person comes back to the end", () => {
  const { heads, sent, last, atNewest, clock } = openFakePage();
  atNewest.value = false;
  heads(true, { room: "tea", read: 1, unread: 4 });
  last.value = 5;
  expect(reads(sent)).toEqual([]);
  atNewest.value = true;
  clock.advance(1_000);
  expect(reads(sent)).toEqual(["tea 5"]);
});

test("the line is where the person had read a room when it came on screen, and stays while they read", () => {
  const { heads, since, last, room, state } = openFakePage();
  last.value = 9;
  heads(true, { room: "tea", read: 6, unread: 3 }, { room: "milk", read: 2 });
  expect([since.value, state.countAtStart.value]).toEqual([6, 3]);
  heads(false, { room: "tea", read: 9 });
  expect(since.value).toBe(6);
  room.value = "milk";
  expect(since.value).toBe(undefined);
});

test("messages that come while the person looks away are below a line, and without any there is none", () => {
  const { heads, since, last, focus } = openFakePage();
  heads(true, { room: "tea", read: 3 });
  last.value = 3;
  focus(false);
  expect(since.value).toBe(3);
  focus(true);
  expect(since.value).toBe(undefined);
  focus(false);
  last.value = 5;
  heads(false, { room: "tea", read: 3, unread: 2 });
  focus(true);
  expect(since.value).toBe(3);
});

test("the reads of this page are sent again on the next connection, and a refusal is tried again", () => {
  const { heads, sent, last, clock, connection, unread } = openFakePage();
  heads(true, { room: "tea", read: 1 });
  last.value = 4;
  sent.length = 0;
  connection.value = "c2";
  clock.advance(0);
  expect(reads(sent)).toEqual(["tea 4"]);
  unread.heard({ type: "refused", code: "unavailable", clientId: FOLLOWING, retryAfterMs: 700 });
  sent.length = 0;
  clock.advance(699);
  expect(follows(sent)).toEqual([]);
  clock.advance(1);
  expect(follows(sent)).toEqual(["tea milk"]);
});

test("a room of which the person wants to hear nothing is in no total", () => {
  const { silent, heads, unread, state } = openFakePage();
  silent.value = "milk";
  heads(true, { room: "tea" }, { room: "milk", unread: 7, mentions: 1 });
  expect([unread.title.value, state.total.value, state.mentions.value]).toEqual(["", 0, 0]);
  expect(state.of("milk").messages).toBe(7);
});
