import { expect, test } from "vitest";
import type { MessageEvent } from "../../../shared/server-frames.ts";
import type { Row } from "../../queries.ts";
import { newAttempt, type Receiver } from "../client/journal.ts";
import { createKept } from "./kept.ts";
import { judgeReplies, type Replying } from "./replies.ts";

/** Two messages; the second replies to the first, or to the seqs that each place has instead. */
function run({ row = 1, shown = 1, refused = "" }: { row?: number; shown?: number; refused?: string } = {}) {
  const attempts = ["a", "b"].map((clientId) =>
    newAttempt({
      clientId,
      sender: 0,
      text: "",
      target: undefined,
      replyTo: clientId === "b" ? 1 : undefined,
    }),
  );
  for (const attempt of attempts.slice(1)) attempt.refused = refused || undefined;
  const rows: Row[] = [
    { seq: 1, clientId: "a", text: "" },
    { seq: 2, clientId: "b", text: "", replyTo: row || undefined },
  ];
  const event = (clientId: string, seq: number): MessageEvent => ({
    ...{ type: "message", room: "r", seq, at: 0, clientId, text: "" },
    user: { id: "u", nickname: "n" },
  });
  const events = [
    event("a", 1),
    { ...event("b", 2), ...(shown ? { reply: { seq: shown, user: "u" } } : {}) },
  ];
  const nothing = { joins: [], gaps: [], repeats: [], leaks: [], strays: [] };
  const receivers: Receiver[] = [{ name: "client", pieces: [{ from: 0, to: 2, events }], ...nothing }];
  const replying: Replying = {
    said: new Map(attempts.map((attempt) => [attempt.clientId, attempt])),
    receivers,
    kept: { PostgreSQL: createKept(rows) },
  };
  const found: string[] = [];
  judgeReplies(replying, (kind) => found.push(kind));
  return found;
}

test("replies that everybody has as they were meant keep every promise", () => {
  expect(run()).toEqual([]);
});

test("a reply that a place or a receiver has as none, or as one to another message, differs", () => {
  expect(run({ row: 0 })).toEqual(["differing"]);
  expect(run({ row: 2 })).toEqual(["differing"]);
  expect(run({ shown: 0 })).toEqual(["differing"]);
  expect(run({ row: 2, shown: 2 })).toEqual(["differing", "differing"]);
});

test("a reply that was refused although its target is kept is lost", () => {
  expect(run({ refused: "no_such_message" })).toEqual(["lost"]);
  expect(run({ refused: "muted" })).toEqual([]);
});
