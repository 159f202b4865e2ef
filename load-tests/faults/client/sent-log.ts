/**
 * A client's own messages: kept until acknowledged, and then until PostgreSQL has them, because a new epoch may have lost
 * those that were acknowledged but not stored yet. Pure: it decides which messages are due, the client writes them.
 */
import { type FrameCode, RETRIABLE } from "../../../shared/codes.ts";
import type { Ack } from "../../../shared/server-frames.ts";
import { type Attempt, isRepliable, REFUSED } from "./journal.ts";

export function createSentLog() {
  const attempts: Attempt[] = [];
  const pending = new Map<string, Attempt>();
  /** Messages refused for now. Later messages are written after them. */
  const waiting = new Set<Attempt>();
  let unstored: Attempt[] = [];

  const ackedAbove = (seq: number) => (attempt: Attempt) => (attempt.acks.at(-1)?.seq ?? 0) > seq;

  return {
    /** Every message and deletion ever. */
    attempts: attempts as readonly Attempt[],
    pending: (): number => pending.size,
    /** The number of acknowledged messages that are not known to be in PostgreSQL. */
    unstored: (): number => unstored.length,
    /** The time of the oldest unanswered message; undefined if there is none. */
    waitingSince: (): number | undefined => pending.values().next().value?.at,

    /** The newest acknowledged message that may be deleted and is not. */
    newestKept(): Attempt["target"] {
      const deleted = new Set(attempts.map(({ target }) => target?.clientId));
      const kept = attempts.findLast(
        ({ target, acks, clientId }) =>
          !target &&
          !isRepliable(clientId) &&
          acks.length > 0 &&
          !pending.has(clientId) &&
          !deleted.has(clientId),
      );
      const seq = kept?.acks.at(-1)?.seq;
      return kept && seq !== undefined ? { clientId: kept.clientId, seq } : undefined;
    },

    add(attempt: Attempt): void {
      attempts.push(attempt);
      pending.set(attempt.clientId, attempt);
    },

    acknowledged({ clientId, seq }: Ack, at: number): void {
      const attempt = pending.get(clientId) ?? attempts.find((each) => each.clientId === clientId);
      if (!attempt) return;
      attempt.acks.push({ seq, at });
      if (pending.delete(clientId)) unstored.push(attempt);
    },

    /** @returns the milliseconds until the message is to be written again; undefined if the refusal is final. */
    refused(clientId: string, code: FrameCode, retryAfterMs: number): number | undefined {
      const attempt = pending.get(clientId);
      if (!attempt) return undefined;
      if (RETRIABLE.includes(code)) {
        waiting.add(attempt);
        return retryAfterMs;
      }
      attempt.refused = code;
      pending.delete(clientId);
      return undefined;
    },

    /** PostgreSQL has the room up to this seq. */
    stored(seq: number): void {
      unstored = unstored.filter(ackedAbove(seq));
    },

    /**
     * A new epoch: messages that were acknowledged and not known to be stored before it may be lost, so they wait for an
     * answer again. The seq stored by now proves nothing about them, because seqs have jumped.
     */
    renew(): void {
      const again = new Set([...unstored, ...pending.values()]);
      unstored = [];
      pending.clear();
      // In the order of writing, which may differ from the order of acknowledgements.
      for (const attempt of attempts) {
        if (!again.has(attempt)) continue;
        attempt.writes.push(NOT_WRITTEN);
        pending.set(attempt.clientId, attempt);
      }
    },

    /**
     * @returns the messages to write on a joined connection: those not yet written to it, up to a message that was
     * refused on it for now.
     */
    due(connection: number): Attempt[] {
      const due: Attempt[] = [];
      for (const attempt of pending.values()) {
        if (attempt.writes.at(-1) !== connection) due.push(attempt);
        else if (waiting.has(attempt)) break;
      }
      for (const attempt of due) waiting.delete(attempt);
      return due;
    },
    /**
     * Makes a refused message due again, even on the connection it was written to. Only those behind an `unavailable` one are refused too;
     * the end of a mute, for example, may come between two messages.
     */
    forgetWrites: (clientId: string, code: FrameCode): void =>
      void pending.get(clientId)?.writes.push(code === "unavailable" ? REFUSED : NOT_WRITTEN),
  };
}

/** Marks that earlier writes no longer count. */
const NOT_WRITTEN = -1;
