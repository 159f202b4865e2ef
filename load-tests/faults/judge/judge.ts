/**
 * Judges a run from the journals of its clients, from the history API and from PostgreSQL. Pure: the same journals, the
 * same verdict. A number above zero in `broken` is a broken promise.
 */

import type { DeletionRow, Row } from "../../queries.ts";
import type { Attempt, Receiver } from "../client/journal.ts";
import { judgeDeletions } from "./deletions.ts";
import { createKept, type Kept } from "./kept.ts";
import { judgeTime, type Lateness } from "./real-time.ts";
import { judgeReceiver } from "./receiver.ts";

export type Journals = {
  attempts: readonly Attempt[];
  receivers: readonly Receiver[];
  /** The messages of the room, as the HTTP API hands them out and as PostgreSQL holds them. */
  history: readonly Row[];
  rows: readonly Row[];
  /** The deletions that PostgreSQL holds. */
  deletions: readonly DeletionRow[];
};

export type Broken = {
  /** Acknowledged, but missing somewhere: at a receiver who was told nothing, in the history, in PostgreSQL. */
  lost: number;
  /** The same message twice in one place. */
  doubled: number;
  /** Not in the one order, or a sender's messages not in the order written. */
  reordered: number;
  /** Nobody said it, or not so, or it was refused. */
  unexpected: number;
  /** Two places that tell different things, one seq for two messages included. */
  differing: number;
  /** A receiver was shown an event past a gap and had to mend it by itself. */
  holes: number;
  /** A join answered from a past that its client had left, or told it again what it had. */
  stale: number;
  /** Never answered, though the sender asked again and again. */
  unanswered: number;
};

export type Verdict = {
  messages: number;
  acknowledged: number;
  failed: number;
  /** Missing at receivers who were told so (`recovered: false`). */
  told: number;
  /** How often receivers were told so. */
  startedOver: number;
  lateness: Lateness;
  broken: Broken;
  /** One line for each of the first broken promises. */
  evidence: string[];
};

/** Notes a broken promise. */
export type Complain = (kind: keyof Broken, words: string) => void;

const MOST_EVIDENCE = 30;

export const holds = ({ broken }: Verdict): boolean => Object.values(broken).every((count) => count === 0);

export function judge({ attempts, receivers, history, rows, deletions }: Journals): Verdict {
  const broken: Broken = {
    lost: 0,
    doubled: 0,
    reordered: 0,
    unexpected: 0,
    differing: 0,
    holes: 0,
    stale: 0,
    unanswered: 0,
  };
  const evidence: string[] = [];
  const complain: Complain = (kind, words) => {
    broken[kind]++;
    if (evidence.length < MOST_EVIDENCE) evidence.push(`${kind}: ${words}`);
  };
  const said = new Map(attempts.map((attempt) => [attempt.clientId, attempt]));
  const kept = { PostgreSQL: createKept(rows), history: createKept(history) };

  for (const [place, messages] of Object.entries(kept)) judgePlace(place, messages, said, complain);
  compareKept(kept.PostgreSQL, kept.history, complain);
  for (const attempt of attempts) compareAck(attempt, kept.PostgreSQL.seqsOf, complain);
  checkOrderOfSenders(attempts, complain);
  const lateness = judgeTime(attempts, receivers, complain);

  const takenBack = judgeDeletions({ attempts, receivers, deletions, kept }, complain);
  const contents = new Map(rows.map(({ seq, clientId }) => [seq, clientId]));
  let told = 0;
  for (const receiver of receivers)
    told += judgeReceiver(receiver, { said, kept: kept.PostgreSQL, takenBack, contents, complain });
  return {
    messages: attempts.length,
    acknowledged: attempts.filter(({ acks }) => acks.length > 0).length,
    failed: attempts.filter(({ refused }) => refused).length,
    told,
    startedOver: receivers.reduce((sum, { pieces }) => sum + Math.max(0, pieces.length - 1), 0),
    lateness,
    broken,
    evidence,
  };
}

/** Judges what one place keeps by what was said: nothing more, nothing less, nothing twice. */
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
    else if (text !== null && text !== attempt.text)
      complain("unexpected", `${place} has another text at ${seq}`);
  }
  for (const [clientId, seqs] of seqsOf)
    if (seqs.length > 1) complain("doubled", `${place} has ${clientId} at ${seqs.join(", ")}`);
  for (const { clientId, acks, target } of said.values()) {
    if (target || acks.length === 0 || seqsOf.has(clientId)) continue;
    complain("lost", `${place} lacks ${clientId}, acknowledged as ${acks.map(({ seq }) => seq).join(", ")}`);
  }
}

/** What only one of the two has is told by its own check unless nobody was ever acknowledged for it. */
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

/** The last acknowledgement is the valid one: a fresh epoch may have given a lost message another seq, once it was sent again. */
function compareAck({ clientId, acks, refused }: Attempt, seqsOf: Kept["seqsOf"], complain: Complain): void {
  const told = acks.at(-1)?.seq;
  const seqs = seqsOf.get(clientId);
  if (told === undefined && !refused) complain("unanswered", `${clientId} was never acknowledged or refused`);
  else if (told !== undefined && seqs && !seqs.includes(told))
    complain("differing", `${clientId} was acknowledged as ${told} and is kept as ${seqs.join(", ")}`);
}

/** Only messages written once, to the same connection, have an order that was promised. */
function checkOrderOfSenders(attempts: readonly Attempt[], complain: Complain): void {
  const lastOn = new Map<number, { clientId: string; seq: number }>();
  for (const { clientId, writes, acks, target } of attempts) {
    const [connection, again] = writes;
    const seq = acks[0]?.seq;
    if (target || connection === undefined || again !== undefined || seq === undefined) continue;
    const before = lastOn.get(connection);
    if (before && before.seq > seq)
      complain(
        "reordered",
        `${clientId} was written after ${before.clientId}, but is ${seq} and that ${before.seq}`,
      );
    lastOn.set(connection, { clientId, seq });
  }
}
