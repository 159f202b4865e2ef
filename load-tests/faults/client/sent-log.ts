/**
 * A client's own messages: kept until acknowledged, and then until PostgreSQL has them, since a fresh epoch may have lost
 * what was acknowledged but not stored yet. Pure: it says what to write, the client writes.
 */
import { REFUSALS, type RefusalCode } from "../../../shared/codes.ts";
import type { Ack } from "../../../shared/server-frames.ts";
import type { Attempt } from "./journal.ts";

export type Outbox = ReturnType<typeof createOutbox>;

export function createOutbox() {
  const attempts: Attempt[] = [];
  const pending = new Map<string, Attempt>();
  /** Refused for now. What was said later is written after them. */
  const waiting = new Set<Attempt>();
  let unstored: Attempt[] = [];

  const ackedAbove = (seq: number) => (attempt: Attempt) => (attempt.acks.at(-1)?.seq ?? 0) > seq;

  return {
    /** Everything that was ever said here. */
    attempts: attempts as readonly Attempt[],
    pending: (): number => pending.size,
    /** Acknowledged, and not known to be in PostgreSQL. */
    unstored: (): number => unstored.length,
    /** When the oldest message without an answer was said; undefined when there is none. */
    waitingSince: (): number | undefined => pending.values().next().value?.at,

    /** The newest message that was acknowledged and not taken back. */
    newestKept(): Attempt["target"] {
      const taken = new Set(attempts.map(({ target }) => target?.clientId));
      const kept = attempts.findLast(
        ({ target, acks, clientId }) =>
          !target && acks.length > 0 && !pending.has(clientId) && !taken.has(clientId),
      );
      const seq = kept?.acks.at(-1)?.seq;
      return kept && seq !== undefined ? { clientId: kept.clientId, seq } : null;
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

    /** @returns after how many milliseconds to write the message again; null when it is settled. */
    refused(clientId: string, code: RefusalCode, retryAfterMs: number): number | null {
      const attempt = pending.get(clientId);
      if (!attempt) return null;
      if (REFUSALS[code].mayRetry) {
        waiting.add(attempt);
        return retryAfterMs;
      }
      attempt.refused = code;
      pending.delete(clientId);
      return null;
    },

    /** The cluster says up to where PostgreSQL has the room. */
    stored(seq: number): void {
      unstored = unstored.filter(ackedAbove(seq));
    },

    /**
     * A fresh epoch: what was acknowledged, and not stored as far as was told before, may be lost; so it waits for an answer
     * again. What is stored by now says nothing of it: seqs have jumped.
     */
    renew(): void {
      const again = new Set([...unstored, ...pending.values()]);
      unstored = [];
      pending.clear();
      // By the order of saying, which acknowledgements need not have kept.
      for (const attempt of attempts) {
        if (!again.has(attempt)) continue;
        attempt.writes.push(NOT_WRITTEN);
        pending.set(attempt.clientId, attempt);
      }
    },

    /**
     * What has to be written on a connection that joined: all that was not written to this very one, up to what waits
     * behind a message that was refused there for now.
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
    /** It has to be written again, even to the connection that it was written to. */
    forget: (clientId: string): void => void pending.get(clientId)?.writes.push(NOT_WRITTEN),
  };
}

/** Marks that earlier writes no longer count. */
const NOT_WRITTEN = -1;
