/**
 * How many bytes one socket may ask back for by joins: a bucket that runs out at a steady rate. An answer may overfill it; the
 * next question waits until it has run down again.
 */
import type { Connection } from "./connection.ts";

export type AnswerLimit = ReturnType<typeof createAnswerLimit>;

/** @param perSecond bytes that run out in a second, and that the bucket holds; `on` false lifts the limit. */
export function createAnswerLimit(
  { on, perSecond }: { on: boolean; perSecond: number },
  now = () => performance.now(),
) {
  const level = (connection: Connection): number =>
    Math.max(0, connection.answered - ((now() - connection.answeredAt) * perSecond) / 1_000);

  return {
    /** How long a socket has to wait before it may ask for more; 0: not at all. */
    waitMs: (connection: Connection): number =>
      on ? Math.max(0, Math.ceil(((level(connection) - perSecond) * 1_000) / perSecond)) : 0,

    /** It was given so much. */
    spend(connection: Connection, bytes: number): void {
      connection.answered = level(connection) + bytes;
      connection.answeredAt = now();
    },
  };
}
