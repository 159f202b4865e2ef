import { beforeEach, expect, test, vi } from "vitest";
import type { RoomEvent } from "../../shared/server-frames.ts";
import { createFakeChat, joined, ME, message, welcome } from "./chat.fake.ts";

let it: ReturnType<typeof createFakeChat>;

/** Live in the lobby, whose log is empty. */
beforeEach(() => {
  it = createFakeChat();
  it.chat.welcome(welcome());
  it.hears(joined());
  it.sent.length = 0;
});

test("a new connection resumes each room where it was, and what waits follows right behind", () => {
  it.hears(message(1));
  it.chat.write("안녕");
  it.chat.cutOff();
  it.sent.length = 0;
  it.chat.welcome(welcome());
  expect(it.sent).toEqual([
    { type: "join", room: "lobby", since: { epoch: "a", seq: 1 } },
    { type: "send", room: "lobby", clientId: "c1", text: "안녕" },
  ]);
});

test("a gap in what arrives makes it join again, once, and shows nothing beyond the gap meanwhile", () => {
  it.hears(message(1), message(3), message(4));
  expect(it.shown()).toEqual(["text 1"]);
  expect(it.sent).toEqual([{ type: "join", room: "lobby", since: { epoch: "a", seq: 1 } }]);
  it.hears(joined({ recovered: true, head: 4, events: [message(2), message(3), message(4)] }));
  expect(it.shown()).toEqual(["text 1", "text 2", "text 3", "text 4"]);
});

test("an event of a kind of a later release keeps its place in the log and is not shown, whether it comes live or with a join", () => {
  const later = (seq: number) =>
    ({ ...message(seq), type: "later", user: undefined }) as unknown as RoomEvent;
  it.hears(message(1), later(2), message(3));
  expect([it.shown(), it.sent]).toEqual([["text 1", "text 3"], []]);
  it.hears(joined({ recovered: true, head: 5, events: [later(4), message(5)] }));
  expect(it.shown()).toEqual(["text 1", "text 3", "text 5"]);
  it.hears({ type: "later frame", room: "lobby" } as unknown as RoomEvent);
});

test("a presence frame that proves we are behind makes it join again, but only when we had the time to follow", () => {
  const presence = {
    type: "presence",
    room: "lobby",
    people: 2,
    connections: 3,
    head: 1,
    stored: 0,
  } as const;
  it.clock.advance(6_000);
  it.hears(presence);
  expect(it.chat.room.value.behind.value).toBe(false);
  it.hears(presence);
  expect(it.chat.room.value.behind.value).toBe(true);
  expect(it.sent).toEqual([{ type: "join", room: "lobby", since: { epoch: "a", seq: 0 } }]);
  it.hears(presence);
  expect(it.sent).toHaveLength(1);
  expect(it.chat.room.value.counts.value).toEqual({ people: 2, connections: 3 });
});

test("a join without an answer is asked again", () => {
  it.room.value = "cats";
  it.chat.settleRooms();
  it.clock.advance(5_000);
  const joins = it.sent.filter((frame) => frame.type === "join");
  expect(joins).toEqual([
    { type: "join", room: "cats" },
    { type: "join", room: "cats" },
  ]);
});

test("another room on screen is joined, and the previous one left once nothing said there can get lost", () => {
  it.chat.write("안녕");
  it.sent.length = 0;
  it.room.value = "cats";
  it.chat.settleRooms();
  expect(it.sent).toEqual([{ type: "join", room: "cats" }]);
  it.hears({ type: "ack", room: "lobby", clientId: "c1", seq: 1 });
  expect(it.sent).toHaveLength(1);
  it.hears({ type: "presence", room: "lobby", people: 1, connections: 1, head: 1, stored: 1 });
  expect(it.sent.at(-1)).toEqual({ type: "leave", room: "lobby" });
});

test("acknowledgement and broadcast of a message end its waiting, in either order", () => {
  const event = message(1, { user: ME, clientId: "c1" });
  it.chat.write("안녕");
  it.hears(event, { type: "ack", room: "lobby", clientId: "c1", seq: 1 });
  expect(it.chat.entries.value).toMatchObject([{ state: "sent", seq: 1 }]);
  it.hears({ type: "presence", room: "lobby", people: 1, connections: 1, head: 1, stored: 1 });
  expect(it.chat.entries.value).toEqual([]);
});

test("a refusal by rule is shown on the message, and the time it lasts at the field", () => {
  it.chat.write("사세요");
  it.hears(
    { type: "refused", room: "lobby", clientId: "c1", code: "spam", retryAfterMs: 30_000 },
    { type: "restricted", reason: "spam", until: it.clock.now() + 30_000 },
  );
  expect(it.chat.entries.value).toMatchObject([{ state: "failed", code: "spam" }]);
  expect(it.restriction.value).toMatchObject({ reason: "spam", secondsLeft: 30 });
  it.clock.advance(29_500);
  expect(it.restriction.value?.secondsLeft).toBe(1);
  it.clock.advance(500);
  expect(it.restriction.value).toBeUndefined();
});

test("a restriction can be lifted early", () => {
  it.hears({ type: "restricted", reason: "moderator", until: it.clock.now() + 60_000 });
  it.hears({ type: "restricted", reason: "moderator", until: null });
  expect(it.restriction.value).toBeUndefined();
});

test("a refusal without a place on screen becomes a notification, and so does a warning", () => {
  it.hears(
    { type: "refused", code: "too_many" },
    { type: "warning", code: "spam", room: "lobby", clientId: "c1" },
  );
  expect(it.notifications).toEqual([{ about: "refused", code: "too_many" }, { about: "spam-warning" }]);
});

test("a room that does not exist is said to be missing and not asked for again", () => {
  it.room.value = "nowhere";
  it.chat.settleRooms();
  it.hears({ type: "refused", code: "no_such_room", room: "nowhere" });
  it.clock.advance(60_000);
  expect(it.chat.room.value.state.value).toBe("missing");
  expect(it.sent.filter((frame) => frame.type === "join")).toHaveLength(1);
});

test("another user finds nothing of the previous one, who finds what waited when coming back", () => {
  it.hears(message(1));
  it.chat.write("안녕");
  it.chat.becomeUser(undefined);
  expect(it.shown()).toEqual([]);
  expect(it.chat.entries.value).toEqual([]);
  it.chat.becomeUser("me");
  expect(it.chat.entries.value).toMatchObject([{ clientId: "c1", state: "pending" }]);
});

test("a notice is news when it comes, and not when it is read up later", () => {
  const notice = { type: "notice", room: "lobby", seq: 1, at: 1, code: "slow_mode" } as const;
  it.hears(notice);
  it.hears(joined({ head: 2, events: [notice, { ...notice, seq: 2, code: "renamed" }] }));
  expect(it.noticed).toEqual(["slow_mode"]);
});

test("a room that is deleted under one's eyes leaves nothing on screen, and what waits there goes nowhere", () => {
  it.hears(message(1));
  it.chat.write("안녕");
  it.hears({ type: "closed", room: "lobby", code: "no_such_room" });
  expect([it.gone, it.shown(), it.chat.entries.value]).toEqual([["lobby"], [], []]);
  expect(it.chat.room.value.state.value).toBe("missing");
});

test("a room that is archived under one's eyes is read on, and what was not said is told", () => {
  it.hears(message(1));
  it.chat.write("안녕");
  const joins = it.sent.filter(({ type }) => type === "join").length;
  it.hears({ type: "closed", room: "lobby", code: "room_archived" });
  it.clock.advance(60_000);
  expect([it.gone, it.shown()]).toEqual([[], ["text 1"]]);
  expect(it.chat.entries.value).toMatchObject([{ state: "failed", code: "room_archived" }]);
  expect(it.sent.filter(({ type }) => type === "join")).toHaveLength(joins);
});

test("an archived room that somebody comes to is read from history, or hidden, and joined when it is open again", async () => {
  const events = [message(5), message(6)];
  it.archive.value = { ok: true, value: { events, more: true } };
  it.room.value = "tea";
  it.chat.settleRooms();
  it.hears({ type: "refused", room: "tea", code: "room_archived" });
  await vi.waitFor(() => expect(it.shown()).toHaveLength(2));
  expect(it.chat.room.value.state.value).toBe("archived");
  it.hears({ type: "rooms", rooms: [{ name: "tea", title: "Tea", slowModeMs: 0, people: 0 }], gone: [] });
  expect(it.sent.at(-1)).toEqual({ type: "join", room: "tea" });
  it.archive.value = { ok: false, problem: { code: "room_archived" } };
  it.hears({ type: "refused", room: "tea", code: "room_archived" });
  await vi.waitFor(() => expect(it.shown()).toEqual([]));
});

/** Away for longer than a resume reaches: 1 to 3 are here, the newest two arrive, 124 are missing between them. */
const gap = () => {
  it.hears(message(1), message(2), message(3));
  it.history.push(...Array.from({ length: 129 }, (_, index) => message(index + 1)));
  it.hears(joined({ head: 129, events: [message(128), message(129)], more: true }));
};
const seqs = () => it.chat.room.value.log.value.events.map(({ seq }) => seq);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

test("a gap is loaded on request, a page at a time, and nothing else moves", async () => {
  gap();
  const room = it.chat.room.value;
  expect(room.log.value.gaps).toEqual([{ after: 3, before: 128 }]);
  expect([it.asked, room.restarted.value]).toEqual([[], false]);
  await room.fill(128);
  expect(it.asked).toEqual([54]);
  expect(seqs()).toEqual([...range(1, 53), 128, 129]);
  expect(room.viewport.shown.value.map(({ seq }) => seq)).toEqual(seqs());
  // New messages do not move the rows in view.
  it.hears(message(130));
  expect(room.viewport.shown.value.at(-1)?.seq).toBe(129);
  await room.fill(128);
  await room.fill(128);
  expect(seqs()).toEqual(range(1, 130));
  expect(room.log.value.gaps).toEqual([]);
});

test("a gap that cannot be loaded is shown as missing, and requested again", async () => {
  gap();
  it.away.value = true;
  const room = it.chat.room.value;
  await room.fill(128);
  expect(room.filling.value).toEqual({ before: 128, state: "failed" });
  it.away.value = false;
  await room.fill(128);
  expect([room.filling.value, seqs().length]).toEqual([undefined, 55]);
});

test("new messages are counted without one's own, ignored people's and deleted ones", () => {
  it.hears(message(1));
  it.chat.room.value.viewport.standStill();
  it.ignored.add("pest");
  const pest = { id: "pest", nickname: "Buy here" };
  it.hears(message(2), message(3, { user: ME, clientId: "phone" }), message(4, { user: pest }), message(5));
  it.hears({ type: "deleted", room: "lobby", seq: 6, at: 6, target: 5, by: "you", clientId: "d" });
  expect(it.chat.room.value.viewport.unseen.value).toBe(1);
});

test("a message that waits for slow mode is sent once that is lifted", () => {
  it.chat.write("one");
  it.hears({ type: "refused", room: "lobby", clientId: "c1", code: "slow_mode", retryAfterMs: 60_000 });
  it.hears({ type: "notice", room: "lobby", seq: 1, at: 1, code: "slow_mode", slowModeMs: 0 });
  it.chat.tick();
  expect(it.sent.map(({ type }) => type)).toEqual(["send", "send"]);
});
