import { expect, test } from "vitest";
import type { Joined, MessageEvent, Presence, RoomEvent } from "../../shared/server-frames.ts";
import { createReplica } from "./replica.ts";

const message = (seq: number): MessageEvent => ({
  type: "message",
  room: "lobby",
  seq,
  at: seq,
  user: { id: "u1", nickname: "one" },
  clientId: `c${seq}`,
  text: `text ${seq}`,
});

const joined = (over: Partial<Joined> = {}): Joined => ({
  type: "joined",
  room: "lobby",
  epoch: "a",
  head: 0,
  stored: 0,
  recovered: false,
  events: [],
  more: false,
  ...over,
});

const presence = (head: number, stored = 0): Presence => ({
  type: "presence",
  room: "lobby",
  people: 1,
  connections: 1,
  head,
  stored,
});

const seqs = (events: readonly RoomEvent[]) => events.map((event) => event.seq);

/** A replica of a room with the events `from` to `head`. */
function at(from: number, head: number, more = false) {
  const replica = createReplica();
  const events = Array.from({ length: head - from + 1 }, (_, i) => message(from + i));
  replica.joined(joined({ head, events, more }));
  return replica;
}

test("events that follow one another are taken in order", () => {
  const replica = at(1, 2);
  expect(replica.append(message(3))).toBe("new");
  expect(seqs(replica.events())).toEqual([1, 2, 3]);
  expect(replica.since()).toEqual({ epoch: "a", seq: 3 });
});

test("an event past a gap is not shown, and the position to resume from stays before the gap", () => {
  const replica = at(1, 2);
  expect(replica.append(message(4))).toBe("gap");
  expect(seqs(replica.events())).toEqual([1, 2]);
  expect(replica.since()).toEqual({ epoch: "a", seq: 2 });
});

test("a repeated event changes nothing", () => {
  const replica = at(1, 2);
  const before = replica.events();
  expect(replica.append(message(2))).toBe("known");
  expect(replica.events()).toBe(before);
});

test("nothing is taken before the room was joined", () => {
  const replica = createReplica();
  expect(replica.append(message(1))).toBe("known");
  expect(replica.since()).toBeUndefined();
});

test("resuming adds exactly what was missed, also when a second connection repeats some of it", () => {
  const replica = at(1, 2);
  replica.append(message(3));
  const missed = [message(3), message(4), message(5)];
  expect(replica.joined(joined({ recovered: true, head: 5, events: missed }))).toBe("recovered");
  expect(seqs(replica.events())).toEqual([1, 2, 3, 4, 5]);
});

test("a head below ours under the same epoch does not take us back", () => {
  const replica = at(1, 5);
  replica.joined(joined({ recovered: true, head: 3 }));
  expect(replica.since()).toEqual({ epoch: "a", seq: 5 });
  expect(replica.append(message(4))).toBe("known");
});

test("a new epoch that was recovered goes on after its jump", () => {
  const replica = at(1, 2);
  replica.joined(joined({ epoch: "b", recovered: true, head: 1_001, events: [message(1_001)] }));
  expect(seqs(replica.events())).toEqual([1, 2, 1_001]);
  expect(replica.append(message(1_002))).toBe("new");
  expect(replica.since()).toEqual({ epoch: "b", seq: 1_002 });
});

test("beyond a gap that was not closed the newest follow, and what was here stays", () => {
  const replica = at(1, 2);
  const events = [message(80), message(81)];
  expect(replica.joined(joined({ head: 81, events, more: true }))).toBe("gapped");
  expect(seqs(replica.events())).toEqual([1, 2, 80, 81]);
  expect(replica.gaps()).toEqual([{ after: 2, before: 80 }]);
  expect(replica.more()).toBe(false);
  expect(replica.append(message(82))).toBe("new");
  replica.joined(joined({ head: 200, events: [message(199), message(200)], more: true }));
  expect(replica.gaps()).toEqual([
    { after: 2, before: 80 },
    { after: 82, before: 199 },
  ]);
});

test("a gap is filled from its older end, page by page, until it is closed", () => {
  const replica = at(1, 2);
  replica.joined(joined({ head: 7, events: [message(7)], more: true }));
  const [gap] = replica.gaps();
  // Read before the message was deleted, which is known here.
  replica.append({ type: "deleted", room: "lobby", seq: 8, at: 8, target: 4, by: "u1", clientId: "d" });
  expect(gap && replica.fill(gap, [message(2), message(3), message(4)], 5)).toBe(2);
  expect(seqs(replica.events())).toEqual([1, 2, 3, 4, 7, 8]);
  expect(replica.events()[3]).not.toHaveProperty("text");
  const [left] = replica.gaps();
  expect(left).toEqual({ after: 4, before: 7 });
  expect(left && replica.fill(left, [message(5), message(6)], 7)).toBe(2);
  expect(seqs(replica.events())).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(replica.gaps()).toEqual([]);
});

test("a gap leaves memory with what lies before it", () => {
  const replica = at(1, 2);
  replica.joined(joined({ head: 81, events: [message(80), message(81)] }));
  replica.trim(2);
  expect([seqs(replica.events()), replica.gaps(), replica.more()]).toEqual([[80, 81], [], true]);
});

test("a join that was answered twice changes nothing, also in an empty room", () => {
  for (const events of [[], [message(1), message(2)]]) {
    const replica = createReplica();
    const answer = joined({ head: events.length, events });
    expect(replica.joined(answer)).toBe("first");
    expect(replica.joined(answer)).toBe("recovered");
    expect(replica.events()).toEqual(events);
  }
});

test("in an epoch that nobody knew of before the view starts over from what the server gave", () => {
  const replica = at(1, 2);
  const events = [message(80), message(81)];
  expect(replica.joined(joined({ epoch: "b", head: 81, events, more: true }))).toBe("restarted");
  expect(seqs(replica.events())).toEqual([80, 81]);
  expect([replica.more(), replica.gaps()]).toEqual([true, []]);
});

test("a new epoch that was lost may begin with a lower seq", () => {
  const replica = at(50, 60);
  replica.joined(joined({ epoch: "b", head: 2, events: [message(1), message(2)] }));
  expect(seqs(replica.events())).toEqual([1, 2]);
  expect(replica.append(message(3))).toBe("new");
});

test("a deleted message keeps its place without its words", () => {
  const replica = at(1, 2);
  replica.append({ type: "deleted", room: "lobby", seq: 3, at: 3, target: 1, by: "u1", clientId: "d" });
  const [first] = replica.events();
  expect(first).toMatchObject({ seq: 1, deleted: true });
  expect(first).not.toHaveProperty("text");
});

test("a deletion that was missed is applied when resuming", () => {
  const replica = at(1, 2);
  const events: RoomEvent[] = [
    { type: "deleted", room: "lobby", seq: 3, at: 3, target: 2, by: "mod", clientId: "d" },
  ];
  replica.joined(joined({ recovered: true, head: 3, events }));
  expect(replica.events()[1]).toMatchObject({ seq: 2, deleted: true });
});

test("behind is being below what the previous presence frame told, not this one", () => {
  const replica = at(1, 2);
  expect(replica.presence(presence(3))).toBe(false);
  expect(replica.presence(presence(3))).toBe(true);
  replica.append(message(3));
  expect(replica.presence(presence(3))).toBe(false);
});

test("history is put before the oldest event, without repeats", () => {
  const replica = at(5, 6, true);
  replica.prepend([message(3), message(4), message(5)], false);
  expect(seqs(replica.events())).toEqual([3, 4, 5, 6]);
  expect(replica.more()).toBe(false);
});

test("events trimmed from memory can be loaded from history again", () => {
  const replica = at(1, 5);
  replica.trim(2);
  expect(seqs(replica.events())).toEqual([4, 5]);
  expect(replica.more()).toBe(true);
});

test("stored never goes back within an epoch", () => {
  const replica = at(1, 5);
  replica.presence(presence(5, 4));
  replica.presence(presence(5, 3));
  expect(replica.stored()).toBe(4);
});

test("a page of history that a deletion overtook shows nothing of what was deleted", () => {
  const replica = at(3, 4, true);
  replica.append({ type: "deleted", room: "lobby", seq: 5, at: 5, target: 2, by: "u1", clientId: "d" });
  replica.prepend([message(1), message(2)], false);
  expect(replica.events().slice(0, 2)).toMatchObject([{ text: "text 1" }, { seq: 2, deleted: true }]);
  expect(replica.events()[1]).not.toHaveProperty("text");
});
