/** The journal of a client during faults: messages sent and their answers, events shown. Written by clients, read by the judge. */
import type { RoomEvent } from "../../../shared/server-frames.ts";

/** One message that a client tried to send, or to delete. Times are by performance.now(). */
export type Attempt = {
  clientId: string;
  sender: number;
  text: string;
  /** The message to be deleted; undefined: this one is sent. */
  target: { clientId: string; seq: number } | undefined;
  /** The seq of the message that this one replies to. */
  replyTo?: number | undefined;
  /** Ids of the users that it mentions. */
  mentions?: readonly string[] | undefined;
  at: number;
  /** The serial numbers of the connections it was written to, one entry for each write, and `REFUSED` between them. */
  writes: number[];
  /** Every acknowledgement, in order of arrival. */
  acks: { seq: number; at: number }[];
  /** The code of a final refusal; undefined while the outcome is open or good. */
  refused: string | undefined;
};

/**
 * A contiguous part of the room that a client showed: every event above `from` up to `to`, in order. A client that has
 * to start over (`recovered: false`) begins a new piece.
 */
export type Piece = { from: number; to: number; events: RoomEvent[] };

/**
 * A `joined` frame. `askedAt`: when the join was written; undefined when none was awaited. `since`: the seq that the join named,
 * undefined when it named none. `first`: the first event's seq.
 */
export type JoinAnswer = {
  askedAt: number | undefined;
  since: number | undefined;
  head: number;
  recovered: boolean;
  first: number | undefined;
};

export type Receiver = {
  name: string;
  pieces: Piece[];
  joins: JoinAnswer[];
  /** Events that arrived while an earlier one was missing, contrary to the promise of `joined`. */
  gaps: string[];
  /** Events that arrived a second time on a connection. */
  repeats: string[];
  /** Texts of deleted messages that arrived together with the deletion. */
  leaks: string[];
  /** Frames of other rooms, which the client never joined. */
  strays: string[];
};

/** In `writes`: refused as `unavailable` on the connection before, so it has to be written again. */
export const REFUSED = -2;

/** The entry for a message before its first write. */
export const newAttempt = (
  attempt: Pick<Attempt, "clientId" | "sender" | "text" | "target" | "replyTo" | "mentions">,
): Attempt => ({
  ...attempt,
  at: performance.now(),
  writes: [],
  acks: [],
  refused: undefined,
});

/** One of seven messages may be replied to, and is never deleted, so that each reply to a stored one has to be taken. */
export const isRepliable = (clientId: string): boolean =>
  clientId.startsWith("m") && Number(clientId.slice(1)) % 7 === 3;

/** Half of the deletions are to leave nothing behind. */
export const isTakeBack = (clientId: string): boolean => Number(clientId.slice(1)) % 40 === 0;

/** The text of a message, derived from its id so that receivers can be checked. */
export const textOf = (clientId: string): string => `message ${clientId}`;
