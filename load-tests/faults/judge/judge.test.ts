import { describe, expect, test } from "vitest";
import type { MessageEvent } from "../../../shared/server-frames.ts";
import { type Attempt, REFUSED, type Receiver, textOf } from "../client/journal.ts";
import { type Broken, holds, type Journals, judge } from "./judge.ts";

const attempt = (clientId: string, seq: number | undefined, more: Partial<Attempt> = {}): Attempt => ({
  clientId,
  sender: 0,
  text: textOf(clientId),
  target: undefined,
  at: 0,
  writes: [1],
  acks: seq === undefined ? [] : [{ seq, at: 0 }],
  refused: undefined,
  ...more,
});
const event = (clientId: string, seq: number): MessageEvent => ({
  type: "message",
  room: "r",
  seq,
  at: 0,
  user: { id: "u", nickname: "n" },
  clientId,
  text: textOf(clientId),
});
const row = (clientId: string, seq: number) => ({ clientId, seq, text: textOf(clientId) });
const receiver = (events: MessageEvent[], to = events.at(-1)?.seq ?? 0): Receiver => ({
  name: "client",
  pieces: [{ from: 0, to, events }],
  joins: [],
  gaps: [],
  repeats: [],
  leaks: [],
  strays: [],
});

/** Three messages, two receivers of all of them, and both places that store them. */
const good = (): Journals & { attempts: Attempt[]; receivers: Receiver[] } => {
  const ids = ["a", "b", "c"];
  const events = ids.map((id, index) => event(id, index + 1));
  return {
    attempts: ids.map((id, index) => attempt(id, index + 1)),
    receivers: [receiver([...events]), receiver([...events])],
    history: ids.map((id, index) => row(id, index + 1)),
    rows: ids.map((id, index) => row(id, index + 1)),
    deletions: [],
  };
};
const broken = (journals: Journals): Partial<Broken> =>
  Object.fromEntries(Object.entries(judge(journals).broken).filter(([, count]) => count > 0));

test("a run in which everybody saw everything once and in order keeps every promise", () => {
  const verdict = judge(good());
  expect(verdict.evidence).toEqual([]);
  expect(holds(verdict)).toBe(true);
  expect([verdict.messages, verdict.acknowledged, verdict.announcedLosses]).toEqual([3, 3, 0]);
});

describe("lost", () => {
  test("an acknowledged message that PostgreSQL lacks", () => {
    const { rows, ...rest } = good();
    expect(broken({ ...rest, rows: rows.slice(0, 2) })).toMatchObject({ lost: 1 });
  });

  test("an acknowledged message that the history lacks", () => {
    const { history, ...rest } = good();
    expect(broken({ ...rest, history: history.slice(1) })).toMatchObject({ lost: 1 });
  });

  test("a message in the middle that one receiver was not shown", () => {
    const run = good();
    run.receivers[1] = receiver([event("a", 1), event("c", 3)]);
    expect(broken(run)).toEqual({ lost: 1 });
  });

  test("the newest message that one receiver never got", () => {
    const run = good();
    run.receivers[1] = receiver([event("a", 1), event("b", 2)]);
    expect(broken(run)).toEqual({ lost: 1 });
  });

  test("a message shown as deleted that nobody deleted", () => {
    const run = good();
    const { text, ...tombstone } = event("b", 2);
    expect(text).toBeDefined();
    run.receivers[1] = receiver([event("a", 1), { ...tombstone, deleted: true }, event("c", 3)]);
    expect(broken(run)).toEqual({ lost: 1 });
  });

  test("not a message that nobody acknowledged: its outcome was open", () => {
    const run = good();
    run.attempts.push(attempt("d", undefined, { refused: "too_fast" }));
    expect(broken(run)).toEqual({});
  });
});

describe("announced losses", () => {
  test("messages that a receiver missed when it had to start over are not lost", () => {
    const run = good();
    run.receivers[1] = {
      ...receiver([]),
      pieces: [
        { from: 0, to: 1, events: [event("a", 1)] },
        { from: 2, to: 3, events: [event("c", 3)] },
      ],
    };
    const verdict = judge(run);
    expect(holds(verdict)).toBe(true);
    expect([verdict.announcedLosses, verdict.startedOver]).toEqual([1, 1]);
  });

  test("a message that was shown, lost with Redis' data, and sent again in a fresh epoch is neither lost nor doubled", () => {
    const run = good();
    const again = (id: string) => [{ from: 0, to: 3, events: [event("a", 1), event("b", 2), event(id, 3)] }];
    const acks = [
      { seq: 3, at: 0 },
      { seq: 1_003, at: 1 },
    ];
    const attempts = [...run.attempts.slice(0, 2), attempt("c", undefined, { acks, writes: [1, 2] })];
    const kept = [row("a", 1), row("b", 2), row("c", 1_003)];
    const pieces = [...again("c"), { from: 1, to: 1_003, events: [event("b", 2), event("c", 1_003)] }];
    const receivers = [{ ...receiver([]), pieces }];
    expect(broken({ attempts, receivers, history: kept, rows: kept, deletions: [] })).toEqual({});
  });

  test("but everything that is shown after starting over has to be what is kept", () => {
    const run = good();
    run.receivers[1] = {
      ...receiver([]),
      pieces: [
        { from: 0, to: 1, events: [event("a", 1)] },
        { from: 1, to: 3, events: [event("x", 2), event("c", 3)] },
      ],
    };
    expect(broken(run)).toMatchObject({ differing: 1 });
  });
});

describe("doubled", () => {
  test("one message under two seqs in PostgreSQL and in the history", () => {
    const run = good();
    const twice = [...run.rows, row("c", 4)];
    const receivers = [receiver([event("a", 1), event("b", 2), event("c", 3), event("c", 4)])];
    expect(broken({ ...run, receivers, rows: twice, history: twice })).toEqual({ doubled: 3 });
  });

  test("an event that came again on the same connection", () => {
    const run = good();
    run.receivers[0]?.repeats.push("3 after 3");
    expect(broken(run)).toEqual({ doubled: 1 });
  });
});

describe("reordered", () => {
  test("a receiver that was shown a later message first", () => {
    const run = good();
    run.receivers[1] = receiver([event("a", 1), event("c", 3), event("b", 2)], 3);
    expect(broken(run)).toEqual({ reordered: 1 });
  });

  test("a sender's messages that were numbered in another order than they were written", () => {
    const run = good();
    run.attempts = [attempt("b", 2), attempt("a", 1), attempt("c", 3)];
    expect(broken(run)).toEqual({ reordered: 1 });
  });

  test("a message that was refused for now and overtaken by one that was written behind it", () => {
    const run = good();
    run.attempts = [attempt("b", 2, { writes: [1, REFUSED, 1] }), attempt("a", 1), attempt("c", 3)];
    expect(broken(run)).toEqual({ reordered: 1 });
  });

  test("not messages that were written more than once: their order is open", () => {
    const run = good();
    run.attempts = [attempt("b", 2), attempt("a", 1, { writes: [1, 2] }), attempt("c", 3)];
    expect(broken(run)).toEqual({});
  });
});

describe("unexpected", () => {
  test("a message that nobody said", () => {
    const run = good();
    expect(broken({ ...run, attempts: run.attempts.slice(0, 2) })).toMatchObject({ unexpected: 4 });
  });

  test("a message that was refused and is there all the same", () => {
    const run = good();
    run.attempts[1] = attempt("b", undefined, { refused: "spam" });
    expect(broken(run)).toEqual({ unexpected: 2 });
  });

  test("a text that nobody wrote", () => {
    const run = good();
    run.receivers[1] = receiver([event("a", 1), { ...event("b", 2), text: "else" }, event("c", 3)]);
    expect(broken(run)).toEqual({ unexpected: 1 });
  });
});

describe("differing", () => {
  test("two receivers who were shown different messages under one seq", () => {
    const run = good();
    run.receivers[1] = receiver([event("a", 1), event("c", 2), event("b", 3)]);
    expect(broken(run)).toMatchObject({ differing: 2 });
  });

  test("a seq that was used twice, though what was shown first is kept nowhere", () => {
    const run = good();
    run.receivers[1] = {
      ...receiver([]),
      pieces: [
        { from: 0, to: 2, events: [event("a", 1), event("c", 2)] },
        { from: 1, to: 3, events: [event("b", 2), event("c", 3)] },
      ],
    };
    expect(broken(run)).toMatchObject({ differing: 1 });
  });

  test("history and PostgreSQL that tell different things under one seq", () => {
    const run = good();
    expect(broken({ ...run, history: [row("a", 1), row("c", 2), row("b", 3)] })).toMatchObject({
      differing: 2,
    });
  });

  test("a message that is kept under another seq than it was acknowledged with", () => {
    const run = good();
    run.attempts[2] = attempt("c", 7);
    expect(broken(run)).toEqual({ differing: 1 });
  });
});

test("a gap that a receiver had to repair by itself is a broken promise", () => {
  const run = good();
  run.receivers[0]?.gaps.push("live: 3 after 1");
  expect(broken(run)).toEqual({ gaps: 1 });
});

test("a message that was never answered is a broken promise, wherever it is", () => {
  const run = good();
  run.attempts[2] = attempt("c", undefined);
  expect(broken(run)).toEqual({ unanswered: 1 });
});

describe("a message that was taken back", () => {
  const tombstone = (id: string, seq: number): MessageEvent => {
    const { text: _, ...rest } = event(id, seq);
    return { ...rest, deleted: true };
  };
  const deleted = { type: "deleted", room: "r", seq: 4, at: 0, target: 2, by: "u", clientId: "d" } as const;
  const gone = { ...row("b", 2), text: undefined };

  /** One receiver of the message and its deletion, and one that joined later. */
  const run = (): ReturnType<typeof good> => {
    const before = good();
    const kept = [row("a", 1), gone, row("c", 3)];
    const delete_ = attempt("d", 4, { target: { clientId: "b", seq: 2 }, text: "" });
    const [saw, came] = before.receivers;
    saw?.pieces[0]?.events.push(deleted);
    const pieces = [{ from: 0, to: 4, events: [event("a", 1), tombstone("b", 2), event("c", 3), deleted] }];
    const receivers = [
      { ...receiver([]), pieces: [{ from: 0, to: 4, events: saw?.pieces[0]?.events ?? [] }] },
    ];
    if (came) receivers.push({ ...came, pieces });
    const attempts = [...before.attempts, delete_];
    const deletions = [{ seq: 4, target: 2, takenBack: false, hasMark: false }];
    return { attempts, receivers, rows: kept, history: kept, deletions };
  };

  test("is gone everywhere, and no promise is broken", () => {
    expect(judge(run()).evidence).toEqual([]);
  });

  test.each(["rows", "history"] as const)("must not keep its text in the %s", (place) => {
    expect(broken({ ...run(), [place]: good()[place] })).toMatchObject({ lost: 1 });
  });

  test("must not keep its text at a receiver who was told nothing of it", () => {
    const journals = run();
    journals.receivers[0]?.pieces[0]?.events.pop();
    expect(broken(journals)).toEqual({ lost: 1 });
  });

  test("must not be told to anybody who comes later", () => {
    const journals = run();
    journals.receivers[1]?.leaks.push("2");
    expect(broken(journals)).toEqual({ unexpected: 1 });
  });

  test.each([true, false])("is taken back for all, or for none (marked: %s)", (hasMark) => {
    const deletions = run().deletions.map((deletion) => ({ ...deletion, takenBack: true, hasMark }));
    expect(broken({ ...run(), deletions })).toEqual({ differing: hasMark ? 2 : 3 });
  });

  test("is lost when nobody asked for it", () => {
    const journals = run();
    journals.attempts.pop();
    expect(broken(journals)).toMatchObject({ lost: 3 });
  });
});
