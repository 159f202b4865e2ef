import { expect, test } from "vitest";
import type { MessageEvent } from "../../../shared/server-frames.ts";
import { newAttempt, textOf } from "../client/journal.ts";
import { holds, type Journals, judge, type Verdict } from "./judge.ts";
import { sumVerdicts } from "./sum-verdicts.ts";

/** A room with one message, which its only client was shown. */
function roomOf(clientId: string) {
  const text = textOf(clientId);
  const rows = [{ seq: 1, clientId, text }];
  const attempt = { ...newAttempt({ clientId, sender: 0, text, target: undefined }), writes: [1] };
  const user = { id: "u", nickname: "n" };
  const event: MessageEvent = { type: "message", room: "r", seq: 1, at: 0, user, clientId, text };
  const logs = { joins: [], gaps: [], repeats: [], leaks: [], strays: [] as string[] };
  return {
    attempts: [{ ...attempt, acks: [{ seq: 1, at: performance.now() }] }],
    receivers: [{ name: `client of ${clientId}`, pieces: [{ from: 0, to: 1, events: [event] }], ...logs }],
    history: rows,
    rows,
    deletions: [],
  } satisfies Journals;
}
const verdictOn = (rooms: Record<string, Journals>): Verdict =>
  sumVerdicts(new Map(Object.entries(rooms).map(([room, journals]) => [room, judge(journals)])));

test("the figures of all rooms are summed, though their seqs are the same", () => {
  const verdict = verdictOn({ one: roomOf("a"), two: roomOf("b") });
  expect(verdict.evidence).toEqual([]);
  expect(holds(verdict)).toBe(true);
  expect([verdict.messages, verdict.acknowledged]).toEqual([2, 2]);
});

test("a message that is shown or kept in another room than its own is unexpected there, and lost here", () => {
  const [one, two] = [roomOf("a"), roomOf("b")];
  const { broken, evidence } = verdictOn({ one: { ...one, rows: two.rows }, two });
  expect(broken).toMatchObject({ unexpected: 1, lost: 1 });
  expect(evidence[0]).toBe("one: unexpected: PostgreSQL has b at 1, which nobody said");
  const shown = verdictOn({ one: { ...one, receivers: two.receivers }, two });
  expect(shown.broken).toMatchObject({ unexpected: 1, differing: 1 });
});

test("a frame of another room is a broken promise, whatever was shown", () => {
  const one = roomOf("a");
  one.receivers[0]?.strays.push("message of two");
  const { broken, evidence } = verdictOn({ one });
  expect(broken).toMatchObject({ unexpected: 1 });
  expect(evidence).toEqual(["unexpected: client of a got a message of two"]);
});
