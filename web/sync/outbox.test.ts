import { expect, test } from "vitest";
import { createFakeOutbox, RESEND_MS } from "./outbox.fake.ts";
import { canTryAgain } from "./outbox-entry.ts";

test("a message is sent at once and kept until PostgreSQL has it", () => {
  const { outbox, sent, states } = createFakeOutbox();
  outbox.write("lobby", "hi");
  expect(sent).toEqual(["c1 hi"]);
  expect(states()).toEqual(["c1 pending"]);
  outbox.settle("lobby", "c1", 7, "a");
  expect(states()).toEqual(["c1 sent"]);
  outbox.storedUpTo("lobby", "a", 6);
  expect(states()).toEqual(["c1 sent"]);
  outbox.storedUpTo("lobby", "a", 7);
  expect(states()).toEqual([]);
});

test("acknowledgement and broadcast settle it alike, in either order", () => {
  const { outbox, states } = createFakeOutbox();
  outbox.write("lobby", "hi");
  outbox.settle("lobby", "c1", 7, "a");
  outbox.settle("lobby", "c1", 7, "a");
  expect(states()).toEqual(["c1 sent"]);
});

test("pending entries are sent again after a reconnect, with the same clientId and in the order written", () => {
  const { outbox, sent, state } = createFakeOutbox();
  state.isLive = false;
  outbox.write("lobby", "one");
  outbox.write("lobby", "two");
  outbox.write("elsewhere", "three");
  state.isLive = true;
  outbox.resend("lobby");
  expect(sent).toEqual(["c1 one"]);
  outbox.settle("lobby", "c1", 1, "a");
  expect(sent).toEqual(["c1 one", "c2 two"]);
  expect([...outbox.waitingRooms()]).toEqual(["lobby", "elsewhere"]);
});

test("after `unavailable` it waits as long as the server asked, then tries again", () => {
  const { outbox, sent, clock, states } = createFakeOutbox();
  outbox.write("lobby", "hi");
  outbox.refused("lobby", "c1", "unavailable", 2_000);
  clock.advance(1_999);
  outbox.tick();
  expect(sent).toHaveLength(1);
  clock.advance(1);
  outbox.tick();
  expect(sent).toEqual(["c1 hi", "c1 hi"]);
  expect(states()).toEqual(["c1 pending"]);
});

test("a message written while an earlier one of the room waits for its retry is sent behind it", () => {
  const { outbox, sent, clock } = createFakeOutbox();
  outbox.write("lobby", "one");
  outbox.refused("lobby", "c1", "unavailable", 1_000);
  clock.advance(500);
  outbox.write("lobby", "two");
  outbox.write("tea", "elsewhere");
  outbox.tick();
  expect(sent).toEqual(["c1 one", "c3 elsewhere"]);
  clock.advance(500);
  outbox.write("lobby", "three");
  outbox.tick();
  outbox.settle("lobby", "c1", 1, "a");
  outbox.settle("lobby", "c2", 2, "a");
  expect(sent.slice(2)).toEqual(["c1 one", "c2 two", "c4 three"]);
});

test("a deletion does not wait for messages, nor they for it", () => {
  const { outbox, sent } = createFakeOutbox();
  outbox.write("lobby", "one");
  outbox.remove("lobby", 5);
  outbox.remove("lobby", 6);
  expect(sent).toEqual(["c1 one", "c2 deletes 5"]);
  outbox.settle("lobby", "c2", 7, "a");
  expect(sent.slice(2)).toEqual(["c3 deletes 6"]);
});

test.each([
  [
    "failed for good",
    ({ outbox }: ReturnType<typeof createFakeOutbox>) => outbox.refused("lobby", "c1", "forbidden"),
  ],
  ["was discarded", ({ outbox }: ReturnType<typeof createFakeOutbox>) => outbox.discard("c1")],
])("nothing waits for a message that %s", (_, end) => {
  const it = createFakeOutbox();
  it.outbox.write("lobby", "one");
  it.outbox.refused("lobby", "c1", "unavailable", 60_000);
  it.outbox.write("lobby", "two");
  it.outbox.tick();
  expect(it.sent).toEqual(["c1 one"]);
  end(it);
  it.outbox.tick();
  expect(it.sent).toEqual(["c1 one", "c2 two"]);
});

test("nothing waits for a message that the person is asked about", () => {
  const { outbox, sent, clock, states } = createFakeOutbox();
  outbox.write("lobby", "one");
  clock.advance(RESEND_MS);
  outbox.refused("lobby", "c1", "unavailable", 1_000);
  outbox.write("lobby", "two");
  expect(sent).toEqual(["c1 one"]);
  clock.advance(1_000);
  outbox.tick();
  expect(states()).toEqual(["c1 unsure", "c2 pending"]);
  expect(sent).toEqual(["c1 one", "c2 two"]);
});

test("an acknowledgement that got lost is asked for again", () => {
  const { outbox, sent, clock } = createFakeOutbox();
  outbox.write("lobby", "hi");
  clock.advance(8_000);
  outbox.tick();
  expect(sent).toEqual(["c1 hi", "c1 hi"]);
});

test("a refusal by rule fails the message, and only the person sends it again", () => {
  const { outbox, sent, clock, states } = createFakeOutbox();
  outbox.write("lobby", "hi");
  outbox.refused("lobby", "c1", "muted", 1_000);
  expect(states()).toEqual(["c1 failed"]);
  clock.advance(60_000);
  outbox.tick();
  outbox.resend("lobby");
  expect(sent).toHaveLength(1);
  outbox.again("c1");
  expect(sent).toHaveLength(2);
  expect(states()).toEqual(["c1 pending"]);
});

test("a late refusal does not undo an acknowledgement", () => {
  const { outbox, states } = createFakeOutbox();
  outbox.write("lobby", "hi");
  outbox.settle("lobby", "c1", 7, "a");
  outbox.refused("lobby", "c1", "unavailable");
  expect(states()).toEqual(["c1 sent"]);
});

test("older than the server remembers clientIds, it asks the person instead of sending", () => {
  const { outbox, sent, clock, state, states } = createFakeOutbox();
  state.isLive = false;
  outbox.write("lobby", "hi");
  clock.advance(RESEND_MS + 1);
  state.isLive = true;
  outbox.resend("lobby");
  expect(sent).toEqual([]);
  expect(states()).toEqual(["c1 unsure"]);
  outbox.again("c1");
  expect(sent).toEqual(["c1 hi"]);
});

test("on a new epoch what was acknowledged but not stored is sent again, and nothing else", () => {
  const { outbox, sent, states } = createFakeOutbox();
  outbox.write("lobby", "stored");
  outbox.write("lobby", "lost");
  outbox.settle("lobby", "c1", 7, "a");
  outbox.settle("lobby", "c2", 8, "a");
  outbox.storedUpTo("lobby", "a", 7);
  sent.length = 0;
  outbox.newEpoch("lobby", "b");
  expect(states()).toEqual(["c2 pending"]);
  outbox.resend("lobby");
  expect(sent).toEqual(["c2 lost"]);
});

test("a message seen in the new epoch is not sent again", () => {
  const { outbox, states } = createFakeOutbox();
  outbox.write("lobby", "hi");
  outbox.settle("lobby", "c1", 7, "a");
  outbox.settle("lobby", "c1", 7, "b");
  outbox.newEpoch("lobby", "b");
  expect(states()).toEqual(["c1 sent"]);
});

test("entries left by a reload are sent on the next connection", () => {
  const { outbox, sent } = createFakeOutbox([
    { state: "pending", clientId: "old", room: "lobby", text: "hi", at: 1_800_000_000_000, sentAt: 0 },
  ]);
  outbox.resend("lobby");
  expect(sent).toEqual(["old hi"]);
});

test("a discarded message is gone", () => {
  const { outbox, states } = createFakeOutbox();
  outbox.write("lobby", "hi");
  outbox.refused("lobby", "c1", "forbidden");
  outbox.discard("c1");
  expect(states()).toEqual([]);
});

test("trying again is offered exactly where it can help", () => {
  const base = { clientId: "c", room: "lobby", text: "hi", at: 0 };
  expect(canTryAgain({ ...base, state: "failed", code: "muted" })).toBe(true);
  expect(canTryAgain({ ...base, state: "failed", code: "too_long" })).toBe(false);
  expect(canTryAgain({ ...base, state: "unsure" })).toBe(true);
});

test("a refusal that passes says when", () => {
  const { outbox, clock, entries } = createFakeOutbox();
  outbox.write("lobby", "hi");
  outbox.refused("lobby", "c1", "spam", 12_000);
  expect(entries()).toMatchObject([{ state: "failed", code: "spam", retryAt: clock.now() + 12_000 }]);
});

test("a message from before the clock was set back may be of any age: the person is asked", () => {
  const future = 1_800_000_000_000 + 3_600_000;
  const { outbox, sent, states } = createFakeOutbox([
    { state: "pending", clientId: "old", room: "lobby", text: "hi", at: future, sentAt: future },
  ]);
  outbox.resend("lobby");
  expect(sent).toEqual([]);
  expect(states()).toEqual(["old unsure"]);
  outbox.again("old");
  expect(sent).toEqual(["old hi"]);
});

test("a reply keeps its target through refusals, another epoch and a retry by hand", () => {
  const { outbox, entries } = createFakeOutbox();
  const targets = () => entries().map((entry) => ("text" in entry ? entry.replyTo : undefined));
  outbox.write("lobby", "hi", { replyTo: 7 });
  outbox.refused("lobby", "c1", "unavailable", 0);
  outbox.tick();
  outbox.settle("lobby", "c1", 9, "a");
  outbox.newEpoch("lobby", "b");
  outbox.refused("lobby", "c1", "muted");
  outbox.again("c1");
  expect(targets()).toEqual([7]);
  outbox.write("lobby", "no reply");
  expect(Object.keys(entries()[1] ?? {})).not.toContain("replyTo");
});
