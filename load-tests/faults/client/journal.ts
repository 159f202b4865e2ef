/** What a client writes down while faults happen: what it sent and was told about it, and what it was shown. The judge reads this. */
import type { RoomEvent } from "../../../shared/server-frames.ts";

/** One message that a client tried to say, or to take back. Times are by performance.now(). */
export type Attempt = {
  clientId: string;
  sender: number;
  text: string;
  /** The message to be taken back; null: this one is said. */
  target: { clientId: string; seq: number } | null;
  at: number;
  /** The connections it was written to, by their serial number. One entry: it was written once. */
  writes: number[];
  /** Every acknowledgement, in order of arrival. */
  acks: { seq: number; at: number }[];
  /** The refusal that says that nothing happened; null while the outcome is open or good. */
  refused: string | null;
};

/**
 * What a client showed in one piece. It is to be complete: every event of the room above `from` up to `to`, in order.
 * A client that is told to start over (`recovered: false`) begins another piece.
 */
export type Piece = { from: number; to: number; events: RoomEvent[] };

/**
 * A `joined` frame. `askedAt`: when the join that it answers was written; null when none was awaited. `since`: the seq that the join
 * named, null when it named none. `first`: the first event's seq.
 */
export type JoinAnswer = {
  askedAt: number | null;
  since: number | null;
  head: number;
  recovered: boolean;
  first: number | null;
};

export type Receiver = {
  name: string;
  pieces: Piece[];
  joins: JoinAnswer[];
  /** Events that came while one before them was missing: `joined` promises that there are none. */
  holes: string[];
  /** Events that came a second time on a connection. */
  repeats: string[];
  /** Texts that came together with the news that they were deleted. */
  leaks: string[];
};

/** A message on its way for the first time. */
export const newAttempt = (attempt: Pick<Attempt, "clientId" | "sender" | "text" | "target">): Attempt => ({
  ...attempt,
  at: performance.now(),
  writes: [],
  acks: [],
  refused: null,
});

/** The text a message is sent with, so that whoever receives it can be checked. */
export const textOf = (clientId: string): string => `message ${clientId}`;
