/** Two messages by one person, with everything that people may do to them. Each test breaks one thing. */
import { describe, expect, test } from "vitest";
import type { MessageEvent, RoomEvent } from "../../../shared/server-frames.ts";
import { newAttempt, type Receiver } from "../client/journal.ts";
import type { Wish } from "../client/wishes.ts";
import type { Complain } from "./judge.ts";
import { createKept } from "./kept.ts";
import { judgeMarks, type MarkJournals } from "./marks.ts";
import { judgeRemovals } from "./removals.ts";

const CHANGES = [{ target: 1, emoji: "👍", on: ["ben"], off: [] }];
const said = (clientId: string, seq: number): MessageEvent => ({
  ...{ type: "message", room: "r", seq, at: 0, clientId, text: "x" },
  ...{ user: { id: "ana", nickname: "Ana" }, mentions: [{ id: "ben", start: 0, length: 1 }] },
});
const wish: Wish & { user: string } = {
  ...{ user: "ben", clientId: "w", target: 1, emoji: "👍", on: true },
  ...{ writtenOn: 1, answer: "acked", isUnclear: false, seenAt: 3, againAt: undefined },
};

function run() {
  const events: RoomEvent[] = [
    said("a", 1),
    said("b", 2),
    { type: "reactions", room: "r", seq: 3, at: 0, changes: CHANGES, clientId: "c" },
    { type: "notice", room: "r", seq: 4, at: 0, code: "pinned", target: 1 },
  ];
  const receiver: Receiver = {
    name: "client",
    pieces: [{ from: 0, to: 4, events }],
    ...{ joins: [], gaps: [], repeats: [], leaks: [], strays: [] },
  };
  const named = [1, 2].map((seq) => ({ seq, author: "ana", mentions: ["ben"], replyUser: undefined }));
  const journals: MarkJournals = {
    stored: {
      named,
      reactions: [{ seq: 3, changes: CHANGES }],
      reactionTable: [{ target: 1, emoji: "👍", user: "ben" }],
      mentionTable: [1, 2].map((seq) => ({ seq, user: "ben" })),
      pins: [{ seq: 4, target: 1 }],
      pinned: 1,
      removals: [],
    },
    reacting: { wishes: [{ ...wish }], counted: [{ target: 1, emoji: "👍", count: 1 }] },
    lists: new Map([["ben", [2, 1]]]),
    pinning: { acts: [{ target: 1, isAcked: true }], shown: 1 },
    removing: { removals: [], named, done: [] },
  };
  const attempts = ["a", "b"].map((clientId) =>
    newAttempt({ clientId, sender: 0, text: "x", target: undefined, mentions: ["ben"] }),
  );
  const rows = ["a", "b"].map((clientId, index) => ({ seq: index + 1, clientId, text: "x" }));
  return { journals, events, receiver, attempts, rows };
}
type Run = ReturnType<typeof run>;

function judged(spoil: (of: Run) => void): string[] {
  const of = run();
  spoil(of);
  const found: string[] = [];
  const complain: Complain = (kind) => found.push(kind);
  const kept = createKept(of.rows);
  const { attempts, receiver, journals } = of;
  judgeRemovals(
    { attempts, receivers: [receiver], kept: { PostgreSQL: kept }, ...journals.removing },
    complain,
  );
  const byId = new Map(attempts.map((attempt) => [attempt.clientId, attempt]));
  judgeMarks(journals, { said: byId, receivers: [receiver], kept }, complain);
  return found;
}
const drop = (events: unknown[], index: number): void => void events.splice(index, 1);

test("no promise is broken by what everybody has once and alike", () => {
  expect(judged(() => undefined)).toEqual([]);
});

describe("reactions", () => {
  test.each<[string, (of: Run) => void, string[]]>([
    ["the table lacks one", ({ journals }) => drop(journals.stored.reactionTable, 0), ["lost"]],
    [
      "the table has one that no event says",
      ({ journals }) => journals.stored.reactionTable.push({ target: 2, emoji: "🔥", user: "ben" }),
      ["differing"],
    ],
    [
      "the API counts another number",
      ({ journals }) => Object.assign(journals.reacting, { counted: [] }),
      ["differing"],
    ],
    [
      "an event adds one that is there",
      ({ journals }) => journals.stored.reactions.push({ seq: 9, changes: CHANGES }),
      ["doubled"],
    ],
    ["a receiver lacks an event", ({ events }) => drop(events, 2), ["lost"]],
    [
      "a receiver got other changes",
      ({ events }) => Object.assign(events[2] ?? {}, { changes: [] }),
      ["differing"],
    ],
    [
      "an acknowledged one is nowhere",
      ({ journals }) => Object.assign(journals.reacting, { wishes: [{ ...wish, emoji: "🔥" }] }),
      ["lost"],
    ],
    [
      "one that was taken back is there",
      ({ journals }) => Object.assign(journals.reacting, { wishes: [{ ...wish, on: false }] }),
      ["unexpected"],
    ],
    [
      "one was refused, though its message is there",
      ({ journals }) =>
        Object.assign(journals.reacting, { wishes: [{ ...wish, answer: "no_such_message" }] }),
      ["lost"],
    ],
    [
      "one was never answered",
      ({ journals }) => Object.assign(journals.reacting, { wishes: [{ ...wish, answer: "open" }] }),
      ["unanswered"],
    ],
  ])("%s", (_, spoil, found) => expect(judged(spoil)).toEqual(found));

  test("one of which an earlier wish may come late proves nothing", () => {
    const wishes = [{ ...wish, on: false, isUnclear: true }];
    expect(judged(({ journals }) => Object.assign(journals.reacting, { wishes }))).toEqual([]);
  });
});

describe("mentions", () => {
  test.each<[string, (of: Run) => void, string[]]>([
    ["the table lacks one", ({ journals }) => drop(journals.stored.mentionTable, 0), ["lost"]],
    [
      "a list lacks one",
      ({ journals }) => Object.assign(journals, { lists: new Map([["ben", [2]]]) }),
      ["lost"],
    ],
    [
      "a list has one twice",
      ({ journals }) => Object.assign(journals, { lists: new Map([["ben", [2, 1, 1]]]) }),
      ["doubled"],
    ],
    [
      "a list has an older one first",
      ({ journals }) => Object.assign(journals, { lists: new Map([["ben", [1, 2]]]) }),
      ["reordered"],
    ],
    [
      "a list has one that no message says",
      ({ journals }) => Object.assign(journals, { lists: new Map([["ben", [7, 2, 1]]]) }),
      ["unexpected"],
    ],
    [
      "a receiver got a message without",
      ({ events }) => Object.assign(events[0] ?? {}, { mentions: undefined }),
      ["differing"],
    ],
    [
      "PostgreSQL names somebody else",
      ({ journals }) => Object.assign(journals.stored.named[0] ?? {}, { mentions: ["cem"] }),
      ["differing", "lost", "unexpected", "unexpected"],
    ],
  ])("%s", (_, spoil, found) => expect(judged(spoil).sort()).toEqual(found));
});

describe("pins", () => {
  test.each<[string, (of: Run) => void, string[]]>([
    [
      "PostgreSQL has another than was acknowledged last",
      ({ journals }) =>
        journals.pinning && Object.assign(journals.pinning, { acts: [{ target: 2, isAcked: true }] }),
      ["lost"],
    ],
    [
      "the API shows none",
      ({ journals }) => journals.pinning && Object.assign(journals.pinning, { shown: undefined }),
      ["differing"],
    ],
    [
      "no notice told of it",
      ({ journals, events }) => [drop(journals.stored.pins, 0), drop(events, 3)],
      ["differing"],
    ],
    ["a receiver was not told", ({ events }) => drop(events, 3), ["lost"]],
  ])("%s", (_, spoil, found) => expect(judged(spoil)).toEqual(found));

  test("one of unknown outcome may stand, and may not", () => {
    for (const target of [1, 2])
      expect(
        judged(
          ({ journals: { pinning } }) =>
            pinning &&
            Object.assign(pinning, {
              acts: [
                { target: 1, isAcked: true },
                { target, isAcked: false },
              ],
            }),
        ),
      ).toEqual([]);
  });
});

describe("removals", () => {
  const removal = { seq: 5, author: "ana", from: 1 };
  const remove = ({ journals, events, receiver, rows }: Run, isGone = true): void => {
    journals.removing = {
      ...journals.removing,
      removals: [removal],
      done: [{ author: "ana", askedAt: Number.POSITIVE_INFINITY }],
    };
    events.push({ type: "removed", room: "r", at: 0, by: "mod", clientId: "x", ...removal });
    Object.assign(receiver.pieces[0] ?? {}, { to: 5 });
    for (const row of isGone ? rows : []) Object.assign(row, { text: undefined });
    for (const each of isGone ? journals.stored.named : []) each.mentions = [];
    if (!isGone) return;
    Object.assign(journals, { lists: new Map([["ben", []]]) });
    Object.assign(journals.stored, { reactionTable: [], mentionTable: [] });
    Object.assign(journals.reacting, { counted: [] });
  };

  test("take the texts, the mentions and the reactions along", () => {
    expect(judged((of) => remove(of))).toEqual([]);
  });
  test("must not leave a text", () => {
    expect(judged((of) => remove(of, false))).toEqual(["lost", "lost"]);
  });
  test("must be told to everybody", () => {
    expect(judged((of) => [remove(of), drop(of.events, 4)])).toEqual(["lost"]);
  });
  test("must have an event once they are acknowledged", () => {
    const spoil = ({ journals, attempts }: Run): void => {
      attempts[0]?.acks.push({ seq: 1, at: 1 });
      journals.removing = { ...journals.removing, done: [{ author: "ana", askedAt: 2 }] };
    };
    expect(judged(spoil)).toEqual(["lost"]);
  });
});
