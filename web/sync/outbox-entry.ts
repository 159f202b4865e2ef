/** One message or deletion that the person asked for, and its progress. */
import { type FrameCode, RETRIABLE } from "../../shared/codes.ts";

/** `replyTo`: the seq of the message that a text replies to. `mentions`: ids of the users whom it mentions. */
export type Extras = { replyTo?: number; mentions?: string[] };
/** Send this text, or delete the message with this seq. */
export type Command = ({ text: string } & Extras) | Removing;
/** `takeBack`: nothing is to be left of the message, if that is possible. */
type Removing = { target: number; takeBack?: boolean | undefined };
type Wanted = { clientId: string; room: string; at: number } & Command;

type Progress =
  /**
   * `resendAt`: the time of the retry after the refusal `code`; `held`: it was not refused but held back here, because it would have been.
   * `faults`: the number of internal errors.
   */
  | { state: "pending"; sentAt: number; resendAt?: number; code?: FrameCode; held?: true; faults?: number }
  /** Acknowledged in this epoch, but not yet surely in PostgreSQL. */
  | { state: "sent"; seq: number; epoch: string }
  /** `retryAt`: a retry before this time would be refused. */
  | { state: "failed"; code: FrameCode; retryAt?: number }
  /** Its outcome is unknown, and it is too old to be repeated without asking. */
  | { state: "unsure" };

export type OutboxEntry = Wanted & Progress;
export type SayingEntry = Extract<OutboxEntry, { text: string }>;
export type DeletingEntry = Extract<OutboxEntry, { target: number }>;

export const isSaying = (entry: OutboxEntry): entry is SayingEntry => "text" in entry;
export const isDeleting = (entry: OutboxEntry): entry is DeletingEntry => "target" in entry;

export const isPending = (entry: OutboxEntry) => entry.state === "pending";
export const isWaiting = (entry: OutboxEntry) => isPending(entry) || entry.state === "sent";

export const pendingAgain = (entry: OutboxEntry): OutboxEntry => ({
  ...wanted(entry),
  state: "pending",
  sentAt: 0,
});

/** The entry without its progress. */
export function wanted(entry: OutboxEntry): Wanted {
  const { clientId, room, at } = entry;
  const base = { clientId, room, at };
  return isSaying(entry)
    ? { ...base, ...saidOf(entry) }
    : { ...base, target: entry.target, takeBack: entry.takeBack };
}

export const saidOf = ({ text, replyTo, mentions }: { text: string } & Extras) => ({
  text,
  ...(replyTo === undefined ? {} : { replyTo }),
  ...(mentions === undefined ? {} : { mentions }),
});

/** @returns the reason and the end of the delay before the entry is resent; undefined: no delay. */
export const delayOf = (entry: OutboxEntry) =>
  entry.state === "pending" && entry.resendAt !== undefined && entry.code !== undefined
    ? { code: entry.code, until: entry.resendAt }
    : undefined;

/** Whether a retry by hand can succeed. */
export const canTryAgain = (entry: OutboxEntry): boolean =>
  entry.state === "unsure" || (entry.state === "failed" && RETRIABLE.includes(entry.code));
