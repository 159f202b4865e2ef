import { describe, expect, test } from "vitest";
import { type Attempt, type JoinAnswer, newAttempt } from "../client/journal.ts";
import { judgeTime } from "./real-time.ts";

/** A message sent at one time, and acknowledged with seqs at others. */
const attempt = (clientId: string, at: number, ...acks: Attempt["acks"]): Attempt => ({
  ...newAttempt({ clientId, sender: 0, text: "", target: undefined }),
  at,
  acks,
});
const judged = (attempts: Attempt[], ...joins: JoinAnswer[]) => {
  const complaints: string[] = [];
  const receiver = { name: "client", pieces: [], joins, gaps: [], repeats: [], leaks: [], strays: [] };
  const lateness = judgeTime(attempts, [receiver], (kind) => void complaints.push(kind));
  return { complaints, lateness };
};

describe("the order of real time", () => {
  test("a message that was said after another had been acknowledged and lies before it was swapped", () => {
    const run = [attempt("a", 0, { seq: 2, at: 10 }), attempt("b", 11, { seq: 1, at: 20 })];
    expect(judged(run).complaints).toEqual(["reordered"]);
  });

  test("messages that overlap may lie in either order", () => {
    const run = [attempt("a", 0, { seq: 2, at: 10 }), attempt("b", 9, { seq: 1, at: 20 })];
    expect(judged(run).complaints).toEqual([]);
  });

  test("a message given a new seq by a fresh epoch is held to each seq that it had", () => {
    const again = attempt("a", 0, { seq: 1, at: 10 }, { seq: 1_000_002, at: 50 });
    const early = attempt("b", 20, { seq: 2, at: 30 });
    expect(judged([again, early, attempt("c", 40, { seq: 3, at: 60 })]).complaints).toEqual([]);
    expect(judged([again, early, attempt("c", 60, { seq: 3, at: 70 })]).complaints).toEqual(["reordered"]);
  });

  test("a deletion that was done before may lie before what was known", () => {
    const target = { clientId: "a", seq: 1 };
    const again = { ...attempt("d", 30, { seq: 2, at: 40 }), target };
    expect(judged([attempt("a", 0, { seq: 3, at: 10 }), again]).complaints).toEqual([]);
  });
});

describe("a join", () => {
  const JOIN: JoinAnswer = { askedAt: 300, since: 2, head: 3, recovered: true, first: 3 };

  test("is answered at or above the position that it named", () => {
    expect(judged([], JOIN).complaints).toEqual([]);
    expect(judged([], { ...JOIN, head: 1, first: undefined }).complaints).toEqual(["stale"]);
    expect(judged([], { ...JOIN, head: 1, first: undefined, recovered: false }).complaints).toEqual([
      "stale",
    ]);
  });

  test("repeats no event when it recovers; one that starts over may", () => {
    expect(judged([], { ...JOIN, first: 2 }).complaints).toEqual(["stale"]);
    expect(judged([], { ...JOIN, first: 2, recovered: false }).complaints).toEqual([]);
  });

  test("is measured by how far it lies behind what others had been acknowledged", () => {
    const run = [1, 2, 3, 4, 5].map((seq) => attempt(`m${seq}`, 0, { seq, at: 10 * seq }));
    const behind = { ...JOIN, since: 1, first: 2, head: 3 };
    expect(judged(run, JOIN, behind).lateness).toEqual({ joins: 2, behind: 2, maxMs: 260 });
    expect(judged(run, { ...JOIN, askedAt: 40 }).lateness).toEqual({ joins: 1, behind: 0, maxMs: 0 });
    expect(judged(run, { ...JOIN, askedAt: undefined }).lateness).toEqual({ joins: 1, behind: 0, maxMs: 0 });
  });
});
