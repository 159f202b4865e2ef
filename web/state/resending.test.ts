/** No message or deletion is lost after any failure of the connection, the page or Redis. */
import { beforeEach, expect, test } from "vitest";
import { createFakeChat, joined, ME, message, welcome, YOU } from "./chat.fake.ts";

let it: ReturnType<typeof createFakeChat>;

/** Live in the lobby, whose log is empty. */
beforeEach(() => {
  it = createFakeChat();
  it.chat.welcome(welcome());
  it.hears(joined());
  it.sent.length = 0;
});

const ack = (clientId: string, seq: number) => ({ type: "ack", room: "lobby", clientId, seq }) as const;
const presence = (stored: number) =>
  ({ type: "presence", room: "lobby", people: 1, connections: 1, head: 9, stored }) as const;

/** Reloads the tab: the new page sends `hello`, and gets `joins` as the answers for the lobby. */
function reload(...joins: Parameters<typeof joined>) {
  const page = createFakeChat(it.kept, it.clock);
  page.chat.welcome(welcome());
  const first = [...page.sent];
  page.sent.length = 0;
  page.hears(joined(...joins));
  return { page, first };
}

test("a message that nobody acknowledged is sent again by the page after a reload, right behind its join", () => {
  it.chat.write("안녕");
  const { first } = reload();
  expect(first).toEqual([
    { type: "join", room: "lobby" },
    { type: "send", room: "lobby", clientId: "c1", text: "안녕" },
  ]);
});

test("a new epoch sends again what was acknowledged, is not stored and did not survive", () => {
  it.chat.write("survived");
  it.chat.write("lost");
  it.hears(ack("c1", 1), ack("c2", 2));
  it.sent.length = 0;
  it.hears(joined({ epoch: "b", head: 1, events: [message(1, { user: ME, clientId: "c1" })] }));
  expect(it.sent).toEqual([{ type: "send", room: "lobby", clientId: "c2", text: "lost" }]);
});

test("a new epoch that is learnt only after a reload does so as well, whatever it says is stored by now", () => {
  it.chat.write("one");
  it.chat.write("two");
  it.hears(ack("c1", 1), ack("c2", 2));
  const { page, first } = reload({ epoch: "b", head: 100_002, stored: 100_001 });
  expect(first).toEqual([{ type: "join", room: "lobby" }]);
  page.hears(ack("c1", 100_003));
  expect(page.sent).toEqual([
    { type: "send", room: "lobby", clientId: "c1", text: "one" },
    { type: "send", room: "lobby", clientId: "c2", text: "two" },
  ]);
});

test("the same epoch after a reload sends nothing again", () => {
  it.chat.write("안녕");
  it.hears(ack("c1", 1));
  const { page } = reload({ head: 1, events: [message(1, { user: ME, clientId: "c1" })] });
  expect(page.sent).toEqual([]);
});

test("a new epoch long after asks the person, since the server may have forgotten the clientId", () => {
  it.chat.write("lost");
  it.hears(ack("c1", 1));
  it.clock.advance(600_001);
  it.sent.length = 0;
  it.hears(joined({ epoch: "b" }));
  expect(it.sent).toEqual([]);
  expect(it.chat.entries.value).toMatchObject([{ state: "unsure", text: "lost" }]);
});

test("a room that is not on screen any more is made whole too", () => {
  it.chat.write("lost");
  it.hears(ack("c1", 1));
  it.room.value = "cats";
  it.chat.settleRooms();
  it.chat.welcome(welcome());
  it.sent.length = 0;
  it.hears(joined({ epoch: "b" }));
  expect(it.sent).toEqual([{ type: "send", room: "lobby", clientId: "c1", text: "lost" }]);
});

test("a deletion is asked for once, and again with the same clientId after a reconnect", () => {
  it.hears(message(1));
  it.chat.remove(1);
  it.chat.remove(1);
  const wish = { type: "delete", room: "lobby", seq: 1, clientId: "c1" };
  expect(it.sent).toEqual([wish]);
  it.chat.cutOff();
  it.sent.length = 0;
  it.chat.welcome(welcome());
  expect(it.sent.at(-1)).toEqual(wish);
});

test("a deletion is repeated after `unavailable`, and however old it is", () => {
  it.chat.remove(1);
  it.hears({ type: "refused", room: "lobby", clientId: "c1", code: "unavailable", retryAfterMs: 2_000 });
  it.clock.advance(700_000);
  it.chat.tick();
  expect(it.sent.map((frame) => frame.type)).toEqual(["delete", "delete"]);
});

test("a refused deletion says why, and is tried again when the person asks", () => {
  it.chat.remove(1);
  it.hears({ type: "refused", room: "lobby", clientId: "c1", code: "too_many" });
  expect(it.chat.entries.value).toMatchObject([{ target: 1, state: "failed", code: "too_many" }]);
  it.chat.remove(1);
  expect(it.sent.map((frame) => frame.type)).toEqual(["delete", "delete"]);
  expect(it.chat.entries.value).toMatchObject([{ target: 1, state: "pending" }]);
});

test("a deleted message is never sent again, after any deletion and any loss of the log", () => {
  it.chat.write("by me");
  it.chat.write("by a moderator");
  it.hears(ack("c1", 1), ack("c2", 2));
  it.chat.remove(1);
  it.hears(ack("c3", 3));
  it.hears(message(1, { user: ME, clientId: "c1" }), message(2, { user: ME, clientId: "c2" }));
  it.hears({ type: "deleted", room: "lobby", seq: 3, at: 3, target: 1, by: ME.id, clientId: "c3" });
  it.hears({ type: "deleted", room: "lobby", seq: 4, at: 4, target: 2, by: YOU.id, clientId: "m1" });
  it.sent.length = 0;
  it.hears(joined({ epoch: "b" }));
  expect(it.sent).toEqual([{ type: "delete", room: "lobby", seq: 1, clientId: "c3" }]);
});

test("a tombstone found after a reload ends the care for its message", () => {
  it.chat.write("oh no");
  it.hears(ack("c1", 1));
  const { text: _, ...tombstone } = message(1, { user: ME, clientId: "c1" });
  const { page } = reload({ head: 2, events: [{ ...tombstone, deleted: true }] });
  page.hears(joined({ epoch: "b" }));
  expect(page.sent).toEqual([]);
});

test("a deletion is kept until it is stored", () => {
  it.hears(message(1));
  it.chat.remove(1);
  it.hears(ack("c1", 2), presence(1));
  expect(it.chat.entries.value).toMatchObject([{ target: 1, state: "sent", seq: 2 }]);
  it.hears(presence(2));
  expect(it.chat.entries.value).toEqual([]);
});
