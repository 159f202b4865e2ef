/**
 * Judges a run in one room by the journals of its clients, the history API and PostgreSQL. Pure. A number above zero in `broken` is a
 * broken promise.
 */

import type { DeletionRow, Row } from "../../queries.ts";
import { type Attempt, REFUSED, type Receiver } from "../client/journal.ts";
import { judgeDeletions } from "./deletions.ts";
import { createKept, type Kept } from "./kept.ts";
import { judgeMarks, type MarkJournals } from "./marks.ts";
import { judgeTime, type Lateness } from "./real-time.ts";
import { judgeReceiver } from "./receiver.ts";
import { judgeRemovals } from "./removals.ts";
import { judgeReplies } from "./replies.ts";

export type Journals = {
  attempts: readonly Attempt[];
  receivers: readonly Receiver[];
  /** The messages of the room in the HTTP API and in PostgreSQL. */
  history: readonly Row[];
  rows: readonly Row[];
  /** The deletions in PostgreSQL. */
  deletions: readonly DeletionRow[];
  /** Of what people did to messages; not judged without. */
  marks?: MarkJournals;
};

export type Broken = {
  /** Acknowledged, but missing somewhere: at a receiver that did not have to start over, in the history, in PostgreSQL. */
  lost: number;
  /** The same message twice in one place. */
  doubled: number;
  /** Out of the common order, or a sender's messages out of the order of writing. */
  reordered: number;
  /** Never sent, sent with another text, or refused. */
  unexpected: number;
  /** Two places that disagree, or one seq for two messages. */
  differing: number;
  /** A receiver got an event past a gap and had to repair it by itself. */
  gaps: number;
  /** A join answered from before the client's position, or with events that the client had. */
  stale: number;
  /** Never answered, although the sender kept retrying. */
  unanswered: number;
};

export type Verdict = {
  messages: number;
  acknowledged: number;
  failed: number;
  /** Messages missing at receivers that had to start over (`recovered: false`). */
  announcedLosses: number;
  /** The number of times receivers had to start over. */
  startedOver: number;
  lateness: Lateness;
  broken: Broken;
  /** One line for each of the first broken promises. */
  evidence: string[];
};

/** Records a broken promise. */
export type Complain = (kind: keyof Broken, words: string) => void;

export const MAX_EVIDENCE = 30;

export const holds = ({ broken }: Verdict): boolean => Object.values(broken).every((count) => count === 0);

export function judge({ attempts, receivers, history, rows, deletions, marks }: Journals): Verdict {
  const broken: Broken = {
    lost: 0,
    doubled: 0,
    reordered: 0,
    unexpected: 0,
    differing: 0,
    gaps: 0,
    stale: 0,
    unanswered: 0,
  };
  const evidence: string[] = [];
  const complain: Complain = (kind, words) => {
    broken[kind]++;
    if (evidence.length < MAX_EVIDENCE) evidence.push(`${kind}: ${words}`);
  };
  const said = new Map(attempts.map((attempt) => [attempt.clientId, attempt]));
  const kept = { PostgreSQL: createKept(rows), history: createKept(history) };

  for (const [place, messages] of Object.entries(kept)) judgePlace(place, messages, said, complain);
  compareKept(kept.PostgreSQL, kept.history, complain);
  for (const attempt of attempts) compareAck(attempt, kept.PostgreSQL.seqsOf, complain);
  checkOrderOfSenders(attempts, complain);
  const lateness = judgeTime(attempts, receivers, complain);

  const removed = judgeRemovals({ receivers, kept, attempts, ...marks?.removing }, complain);
  const deletionRequested = judgeDeletions({ attempts, receivers, deletions, kept, removed }, complain);
  if (marks) judgeMarks(marks, { said, receivers, kept: kept.PostgreSQL }, complain);
  judgeReplies({ said, receivers, kept }, complain);
  const contents = new Map(rows.map(({ seq, clientId }) => [seq, clientId]));
  let announcedLosses = 0;
  for (const receiver of receivers)
    announcedLosses += judgeReceiver(receiver, {
      said,
      kept: kept.PostgreSQL,
      deletionRequested,
      contents,
      complain,
    });
  return {
    messages: attempts.length,
    acknowledged: attempts.filter(({ acks }) => acks.length > 0).length,
    failed: attempts.filter(({ refused }) => refused).length,
    announcedLosses,
    startedOver: receivers.reduce((sum, { pieces }) => sum + Math.max(0, pieces.length - 1), 0),
    lateness,
    broken,
    evidence,
  };
}

/** Compares the messages in one place with the sent ones: none added, none missing, none twice. */
function judgePlace(
  place: string,
  { messages, seqsOf }: Kept,
  said: ReadonlyMap<string, Attempt>,
  complain: Complain,
): void {
  for (const { seq, clientId, text } of messages) {
    const attempt = said.get(clientId);
    if (!attempt) complain("unexpected", `${place} has ${clientId} at ${seq}, which nobody said`);
    else if (attempt.refused) complain("unexpected", `${place} has ${clientId}, refused: ${attempt.refused}`);
    else if (text !== undefined && text !== attempt.text)
      complain("unexpected", `${place} has another text at ${seq}`);
  }
  for (const [clientId, seqs] of seqsOf)
    if (seqs.length > 1) complain("doubled", `${place} has ${clientId} at ${seqs.join(", ")}`);
  for (const { clientId, acks, target } of said.values()) {
    if (target || acks.length === 0 || seqsOf.has(clientId)) continue;
    complain("lost", `${place} lacks ${clientId}, acknowledged as ${acks.map(({ seq }) => seq).join(", ")}`);
  }
}

/** Finds messages that only one of the two has, unacknowledged ones included. */
function compareKept(rows: Kept, history: Kept, complain: Complain): void {
  for (const { seq, clientId } of history.messages) {
    const row = rows.at(seq);
    if (row?.clientId !== clientId)
      complain(
        "differing",
        `seq ${seq} is ${clientId} in the history and ${row?.clientId ?? "nothing"} in PostgreSQL`,
      );
  }
  for (const { seq, clientId } of rows.messages)
    if (!history.at(seq))
      complain("differing", `seq ${seq}, ${clientId}, is in PostgreSQL and not in the history`);
}

/** The last acknowledgement counts, because a new epoch may have given a lost message another seq when it was sent again. */
function compareAck({ clientId, acks, refused }: Attempt, seqsOf: Kept["seqsOf"], complain: Complain): void {
  const acknowledged = acks.at(-1)?.seq;
  const seqs = seqsOf.get(clientId);
  if (acknowledged === undefined && !refused)
    complain("unanswered", `${clientId} was never acknowledged or refused`);
  else if (acknowledged !== undefined && seqs && !seqs.includes(acknowledged))
    complain(
      "differing",
      `${clientId} was acknowledged as ${acknowledged} and is kept as ${seqs.join(", ")}`,
    );
}

/**
 * The order is promised for messages on the same connection, written once, or again after each refusal as `unavailable`: those
 * behind such a one are refused too. A second acknowledgement is that of a new epoch, which may have numbered the message again.
 */
function checkOrderOfSenders(attempts: readonly Attempt[], complain: Complain): void {
  const lastOn = new Map<number, { clientId: string; seq: number }>();
  for (const { clientId, writes, acks, target } of attempts) {
    const [connection, ...again] = writes;
    const seq = acks[0]?.seq;
    if (target || connection === undefined || seq === undefined) continue;
    if (again.length > 0 && (acks.length > 1 || !isRetry(again, connection))) continue;
    const before = lastOn.get(connection);
    if (before && before.seq > seq)
      complain(
        "reordered",
        `${clientId} was written after ${before.clientId}, but is ${seq} and that ${before.seq}`,
      );
    lastOn.set(connection, { clientId, seq });
  }
}

/** Whether such a refusal was before each of these writes, and all are to this connection. */
const isRetry = (writes: readonly number[], connection: number): boolean =>
  writes.every((write, index) => write === (index % 2 === 0 ? REFUSED : connection));
