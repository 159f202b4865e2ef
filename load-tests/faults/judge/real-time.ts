/**
 * Judges by real time: a message that was sent after another one was acknowledged is ordered after it (linearizability of
 * sends), and no join is answered from before its client's position. All times are by the checker's one clock, late for the
 * first of two events (an acknowledgement when it arrived) and early for the second (a message when it was sent), so that
 * there are no false findings.
 */
import type { Attempt, JoinAnswer, Receiver } from "../client/journal.ts";
import type { Complain } from "./judge.ts";

/** The lag of join answers behind the acknowledgements of others, which is the lag of the bus. */
export type Lateness = {
  joins: number;
  behind: number;
  /** The longest time since the acknowledgement of the first message that a join lacked. */
  maxMs: number;
};

type Acknowledged = { at: number; seq: number; clientId: string };

export function judgeTime(
  attempts: readonly Attempt[],
  receivers: readonly Receiver[],
  complain: Complain,
): Lateness {
  const fronts = frontsOf(attempts);
  checkOrder(attempts, fronts, complain);
  for (const { name, joins } of receivers) for (const join of joins) checkJoin(name, join, complain);
  return latenessOf(
    receivers.flatMap(({ joins }) => joins),
    fronts,
  );
}

/** @returns the acknowledgements with a higher seq than all earlier ones, by time. Both numbers grow. */
function frontsOf(attempts: readonly Attempt[]): Acknowledged[] {
  const acknowledged = attempts.flatMap(({ clientId, acks }) =>
    acks.map(({ at, seq }) => ({ at, seq, clientId })),
  );
  let highest = 0;
  return acknowledged
    .sort((one, other) => one.at - other.at)
    .filter(({ seq }) => {
      const isFront = seq > highest;
      highest = Math.max(highest, seq);
      return isFront;
    });
}

/** @returns the index of the first front that `isBeyond`, which holds for all after it too. */
function firstOf(fronts: readonly Acknowledged[], isBeyond: (front: Acknowledged) => boolean): number {
  let low = 0;
  let high = fronts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const front = fronts[middle];
    if (front && isBeyond(front)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** If a was acknowledged before any client sent b, then b has the higher seq. */
function checkOrder(attempts: readonly Attempt[], fronts: readonly Acknowledged[], complain: Complain): void {
  for (const { clientId, at: said, target, acks } of attempts) {
    // A repeated deletion is acknowledged with the seq of the first one, so it may be sent later and have a lower seq.
    if (target || acks.length === 0) continue;
    const known = fronts[firstOf(fronts, ({ at }) => at >= said) - 1];
    const seq = Math.min(...acks.map((ack) => ack.seq));
    if (known && seq <= known.seq)
      complain(
        "reordered",
        `${clientId} is ${seq}, but was said after ${known.clientId} had been acknowledged as ${known.seq}`,
      );
  }
}

/** The answer to a join must be at or above the position it named, and may contain only events above it. */
function checkJoin(name: string, { since, head, recovered, first }: JoinAnswer, complain: Complain): void {
  if (since === undefined) return;
  const at = `${name} joined from ${since}`;
  if (head < since) complain("stale", `${at} and was answered up to ${head}`);
  if (recovered && first !== undefined && first <= since)
    complain("stale", `${at}, recovered, and was told ${first} again`);
}

function latenessOf(joins: readonly JoinAnswer[], fronts: readonly Acknowledged[]): Lateness {
  const lateness: Lateness = { joins: joins.length, behind: 0, maxMs: 0 };
  for (const { askedAt, head } of joins) {
    const lacked = fronts[firstOf(fronts, ({ seq }) => seq > head)];
    if (askedAt === undefined || !lacked || lacked.at >= askedAt) continue;
    lateness.behind++;
    lateness.maxMs = Math.max(lateness.maxMs, askedAt - lacked.at);
  }
  return lateness;
}
