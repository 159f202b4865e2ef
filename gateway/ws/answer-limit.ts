/**
 * Limits the bytes that one socket is sent in answer to its joins: a leaky bucket. One answer may overfill it; the next
 * join then waits until it has drained.
 */
import type { Connection } from "./connection.ts";

export type AnswerLimit = ReturnType<typeof createAnswerLimit>;

/** @param perSecond bytes that drain per second, and the bucket's capacity; `on` false lifts the limit. */
export function createAnswerLimit(
  { on, perSecond }: { on: boolean; perSecond: number },
  now = () => performance.now(),
) {
  const level = (connection: Connection): number =>
    Math.max(0, connection.answered - ((now() - connection.answeredAt) * perSecond) / 1_000);

  return {
    /** @returns milliseconds until the socket may ask for more; 0: now. */
    waitMs: (connection: Connection): number =>
      on ? Math.max(0, Math.ceil(((level(connection) - perSecond) * 1_000) / perSecond)) : 0,

    /** Counts the bytes of an answer. */
    spend(connection: Connection, bytes: number): void {
      connection.answered = level(connection) + bytes;
      connection.answeredAt = now();
    },
  };
}
