import fc from "fast-check";
import { expect, test } from "vitest";
import type { MessageEvent } from "../../shared/server-frames.ts";
import type { OutboxEntry } from "../sync/outbox-entry.ts";
import { createTimeline, type Row, type View } from "./timeline.ts";

const NOON = new Date(2026, 10, 22, 12).getTime();
const HOUR = 3_600_000;
const me = { id: "me", nickname: "나" };
const you = { id: "you", nickname: "너" };

const message = (seq: number, user = you, at = NOON): MessageEvent => ({
  type: "message",
  room: "lobby",
  seq,
  at,
  user,
  clientId: `c${seq}`,
  text: `text ${seq}`,
});

const written = { room: "lobby", text: "hi", at: NOON };
/** Nothing is missing among the events, unless a test says so. */
type PartialView = Omit<View, "gaps"> & Partial<Pick<View, "gaps">>;
const showing = () => {
  const rowsOf = createTimeline();
  return (view: PartialView) => rowsOf({ gaps: [], ...view });
};
const timeline = (view: PartialView) => showing()(view);
const kinds = (rows: readonly Row[]) => rows.map((row) => row.kind);

test("a new day of the reader gets a separator, and the first of all does too", () => {
  const events = [message(1), message(2), message(3, you, NOON + 24 * HOUR)];
  expect(kinds(timeline({ events, entries: [], last: 3, me }))).toEqual([
    "day",
    "message",
    "message",
    "day",
    "message",
  ]);
});

test("only the first of an author's run shows the name", () => {
  const events = [message(1), message(2), message(3, me), message(4), message(5, you, NOON + HOUR)];
  const rows = timeline({ events, entries: [], last: 5, me });
  expect(rows.flatMap((row) => (row.kind === "message" ? [row.starts] : []))).toEqual([
    true,
    false,
    true,
    true,
    true,
  ]);
});

test("the time is told once a minute, and again after anything else", () => {
  const events = [message(1), message(2), message(3, me, NOON + 59_999), message(4, you, NOON + 60_000)];
  const rows = timeline({ events, entries: [], last: 4, me });
  expect(rows.flatMap((row) => (row.kind === "message" ? [row.tells] : []))).toEqual([
    true,
    false,
    false,
    true,
  ]);
});

test("messages that were deleted one after the other are one row, a single one stays its own", () => {
  const gone = (seq: number): MessageEvent => {
    const { text: _, ...left } = message(seq);
    return { ...left, deleted: true };
  };
  const rowsOf = showing();
  const view = (events: MessageEvent[]) => rowsOf({ events, entries: [], last: 9, me });
  expect(kinds(view([message(1), gone(2), message(3), gone(4), gone(5), gone(6), message(7)]))).toEqual([
    ...["day", "message", "message", "message", "deletions", "message"],
  ]);
  const [, first, many] = view([message(1), gone(2), gone(3)]);
  const [, again, more] = view([message(1), gone(2), gone(3), gone(4)]);
  expect([many, more]).toMatchObject([{ count: 2 }, { count: 3, key: many?.key }]);
  expect(again).toBe(first);
});

test("own messages are told apart", () => {
  const rows = timeline({ events: [message(1, me), message(2)], entries: [], last: 2, me });
  expect(rows.flatMap((row) => (row.kind === "message" ? [row.mine] : []))).toEqual([true, false]);
});

test("a message has one row with one key from the key press to its place in the log", () => {
  const entries: OutboxEntry[] = [{ ...written, clientId: "c9", state: "pending", sentAt: 0 }];
  const [, waiting] = timeline({ events: [], entries, last: 0, me });
  const [, sent, ...others] = timeline({ events: [message(9, me)], entries, last: 9, me });
  expect(waiting?.kind).toBe("waiting");
  expect(sent?.kind).toBe("message");
  expect(sent?.key).toBe(waiting?.key);
  expect(others).toEqual([]);
});

test("an acknowledged message stays visible until its event arrives, and not after it left the view", () => {
  const entries: OutboxEntry[] = [{ ...written, clientId: "c9", state: "sent", seq: 9, epoch: "a" }];
  expect(kinds(timeline({ events: [message(8)], entries, last: 8, me }))).toContain("waiting");
  expect(kinds(timeline({ events: [message(10)], entries, last: 10, me }))).not.toContain("waiting");
});

test("somebody else's message with the same clientId is another message", () => {
  const entries: OutboxEntry[] = [{ ...written, clientId: "c9", state: "pending", sentAt: 0 }];
  const rows = timeline({ events: [message(9)], entries, last: 9, me });
  expect(kinds(rows)).toEqual(["day", "message", "waiting"]);
  expect(new Set(rows.map((row) => row.key)).size).toBe(3);
});

test("a tombstone has no words, and the deletion itself no row", () => {
  const tombstone: MessageEvent = { ...message(1), deleted: true };
  const rows = timeline({
    events: [
      tombstone,
      { type: "deleted", room: "lobby", seq: 2, at: NOON, target: 1, by: "mod", clientId: "d" },
    ],
    gaps: [],
    entries: [],
    last: 2,
    me: undefined,
  });
  expect(kinds(rows)).toEqual(["day", "message"]);
  expect(rows[1]).toMatchObject({ text: undefined });
});

test("a row that looks as before is the same object, and only a changed row is another", () => {
  const show = showing();
  const view = { entries: [], me, last: 2 };
  const before = show({ ...view, events: [message(1), message(2)] });
  const deleted: MessageEvent = { ...message(2), deleted: true };
  const after = show({ ...view, events: [message(1), deleted, message(3)] });
  expect(after.map((row, i) => row === before[i])).toEqual([true, true, false, false]);
});

test("a clientId that came back after a long time hides nothing", () => {
  const events = [message(1), { ...message(2), clientId: "c1" }];
  expect(kinds(timeline({ events, entries: [], last: 2, me }))).toEqual(["day", "message", "message"]);
});

test("a message that is being deleted says so, and only it looks different", () => {
  const show = showing();
  const view = { events: [message(1, me), message(2, me)], me, last: 2 };
  const removal: OutboxEntry = {
    clientId: "d1",
    room: "lobby",
    at: NOON,
    target: 1,
    state: "pending",
    sentAt: 0,
  };
  const before = show({ ...view, entries: [] });
  const after = show({ ...view, entries: [removal] });
  expect(after[1]).toMatchObject({ text: "text 1", removal });
  expect(after.map((row, i) => row === before[i])).toEqual([true, false, true]);
});

test("a gap has a row of its own where it lies, which stays the same while its older end moves on", () => {
  const view = (events: MessageEvent[], after: number) =>
    timeline({ events, gaps: [{ after, before: 81 }], entries: [], last: 82, me });
  const rows = view([message(1), message(2), message(81), message(82)], 2);
  expect(kinds(rows)).toEqual(["day", "message", "message", "gap", "message", "message"]);
  const later = view([message(1), message(2), message(3), message(81)], 3);
  expect([rows[3], later[4]]).toMatchObject([{ count: 78 }, { count: 77 }]);
  expect(later[4]?.key).toBe(rows[3]?.key);
});

test("a gap whose newer end is somebody's who is not shown has a row all the same", () => {
  const events = [message(1), message(83)];
  expect(kinds(timeline({ events, gaps: [{ after: 1, before: 81 }], entries: [], last: 83, me }))).toEqual([
    "day",
    "message",
    "gap",
    "message",
  ]);
});

test.each(["failed", "unsure"] as const)(
  "a message that is %s since yesterday stands below those of today, without a day of its own, and says so",
  (state) => {
    const yesterday = { ...written, clientId: "c9", at: NOON - 24 * HOUR };
    const entry: OutboxEntry =
      state === "failed" ? { ...yesterday, state, code: "muted" } : { ...yesterday, state };
    const later: OutboxEntry = { ...written, clientId: "c10", state: "pending", sentAt: 0 };
    const rows = timeline({ events: [message(1)], entries: [entry, later], last: 1, me });
    expect(kinds(rows)).toEqual(["day", "message", "waiting", "waiting"]);
    expect(rows.slice(2)).toMatchObject([{ late: true }, { late: false }]);
    const alone = timeline({ events: [], entries: [entry, later], last: 0, me });
    expect(kinds(alone)).toEqual(["day", "waiting", "day", "waiting"]);
    expect(alone[1]).toMatchObject({ late: false });
  },
);

test("days never go back, whatever waits and whenever it was written", () => {
  const days = fc.array(fc.integer({ min: -5, max: 0 }), { maxLength: 6 });
  fc.assert(
    fc.property(days, days, (said, waiting) => {
      const events = said.sort((a, b) => a - b).map((day, i) => message(i + 1, you, NOON + day * 24 * HOUR));
      const entries = waiting.map(
        (day, i): OutboxEntry => ({
          ...written,
          clientId: `w${i}`,
          at: NOON + day * 24 * HOUR,
          state: "failed",
          code: "muted",
        }),
      );
      const rows = timeline({ events, entries, last: events.length, me });
      const shown = rows.flatMap((row) => (row.kind === "day" ? [row.at] : []));
      expect(shown).toEqual([...new Set(shown)].sort((a, b) => a - b));
      expect(rows.filter(({ kind }) => kind === "waiting")).toHaveLength(entries.length);
    }),
  );
});

test("a notice whose person is no longer named is another row", () => {
  const show = showing();
  const notice = { type: "notice", room: "lobby", seq: 1, at: NOON, code: "slow_mode" } as const;
  const view = { entries: [], me, last: 1 };
  show({ ...view, events: [{ ...notice, user: you }] });
  expect(show({ ...view, events: [notice] })[1]).toMatchObject({ event: notice });
  expect(show({ ...view, events: [notice] })[1]).not.toHaveProperty("event.user");
});
