/**
 * The person's own messages from the key press until PostgreSQL has them: pending, sent, failed or unsure.
 * Decides what to send again and when to ask the person instead. Repeating is safe: the `clientId` stays the same.
 */
import { REFUSALS, type RefusalCode } from "../../shared/codes.ts";
import type { Clock } from "../clock.ts";

type Written = { clientId: string; room: string; text: string; at: number };

export type OutboxEntry =
  | (Written & { state: "pending"; sentAt: number; resendAt?: number })
  /** Acknowledged in this epoch, but not yet surely in PostgreSQL. */
  | (Written & { state: "sent"; seq: number; epoch: string })
  | (Written & { state: "failed"; code: RefusalCode })
  /** Its outcome is unknown, and it is too old to be repeated without asking. */
  | (Written & { state: "unsure" });

/** An acknowledgement can get lost on a line that lives; this long without one, the message is sent again. */
const ACK_PATIENCE_MS = 8_000;
/** Refusals that leave the message unsent only for now: it stays pending and is sent again by itself. */
const PASSING: ReadonlySet<RefusalCode> = new Set(["unavailable", "not_joined"]);

export type OutboxDeps = {
  clock: Pick<Clock, "now">;
  /** Hands a message to the connection. @returns false when there is none. */
  send(room: string, clientId: string, text: string): boolean;
  /** How old a message may be to be sent again without asking, ms. */
  resendMs(): number;
  changed(entries: readonly OutboxEntry[]): void;
  newClientId(): string;
};

export type Outbox = ReturnType<typeof createOutbox>;

export function createOutbox(deps: OutboxDeps, kept: readonly OutboxEntry[] = []) {
  let entries: readonly OutboxEntry[] = kept;

  return {
    write,
    settle,
    refused,
    resend,
    newEpoch,
    storedUpTo,
    again,
    discard,
    tick,
    /** Rooms in which something still waits for an acknowledgement. */
    waitingRooms: () => new Set(entries.filter(isPending).map((entry) => entry.room)),
  };

  /** Takes a message that was checked by `prepareText` and sends it when it can. */
  function write(room: string, text: string) {
    const entry = { clientId: deps.newClientId(), room, text, at: deps.clock.now() };
    update([...entries, { ...entry, state: "pending", sentAt: 0 }]);
    sendOne(entry.clientId);
  }

  /** Where acknowledgement and broadcast meet, in whichever order they come: the message has its place in the log. */
  function settle(room: string, clientId: string, seq: number, epoch: string) {
    change(room, clientId, ({ at, text }) => ({ state: "sent", room, clientId, text, at, seq, epoch }));
  }

  function refused(room: string | undefined, clientId: string, code: RefusalCode, retryAfterMs = 1_000) {
    change(room, clientId, (entry) => {
      if (entry.state !== "pending") return entry;
      if (PASSING.has(code)) return { ...entry, resendAt: deps.clock.now() + retryAfterMs };
      const { at, text } = entry;
      return { state: "failed", room: entry.room, clientId, text, at, code };
    });
  }

  /** A room was joined on a new connection: everything pending in it goes out once more, in the order written. */
  function resend(room: string) {
    for (const entry of entries.filter(isPending)) if (entry.room === room) sendOne(entry.clientId);
  }

  /** The room's log began anew: what was acknowledged before, but is not stored for sure, is sent again. */
  function newEpoch(room: string, epoch: string, stored: number) {
    update(
      entries.map((entry) =>
        entry.state === "sent" && entry.room === room && entry.epoch !== epoch && entry.seq > stored
          ? pendingAgain(entry)
          : entry,
      ),
    );
  }

  /** PostgreSQL has the room up to `seq` of this epoch: those messages need no care any more. */
  function storedUpTo(room: string, epoch: string, seq: number) {
    const left = entries.filter(
      (entry) =>
        !(entry.state === "sent" && entry.room === room && entry.epoch === epoch && entry.seq <= seq),
    );
    if (left.length !== entries.length) update(left);
  }

  /** The person wants a failed or unsure message sent after all. */
  function again(clientId: string) {
    change(undefined, clientId, (entry) => ({ ...pendingAgain(entry), at: deps.clock.now() }));
    sendOne(clientId);
  }

  function discard(clientId: string) {
    update(entries.filter((entry) => entry.clientId !== clientId));
  }

  /** Call about once a second: repeats what is due, and stops repeating what has become too old. */
  function tick() {
    const now = deps.clock.now();
    for (const entry of entries.filter(isPending)) {
      if (now >= (entry.resendAt ?? entry.sentAt + ACK_PATIENCE_MS)) sendOne(entry.clientId);
    }
  }

  function sendOne(clientId: string) {
    const entry = entries.find((other) => other.clientId === clientId);
    if (entry?.state !== "pending") return;
    const { room, text, at } = entry;
    if (deps.clock.now() - at > deps.resendMs()) {
      change(room, clientId, () => ({ state: "unsure", room, clientId, text, at }));
    } else if (deps.send(room, clientId, text)) {
      change(room, clientId, () => ({
        state: "pending",
        room,
        clientId,
        text,
        at,
        sentAt: deps.clock.now(),
      }));
    }
  }

  function change(room: string | undefined, clientId: string, to: (entry: OutboxEntry) => OutboxEntry) {
    const matches = (entry: OutboxEntry) =>
      entry.clientId === clientId && (room === undefined || entry.room === room);
    if (entries.some(matches)) update(entries.map((entry) => (matches(entry) ? to(entry) : entry)));
  }

  function update(next: readonly OutboxEntry[]) {
    entries = next;
    deps.changed(entries);
  }
}

const isPending = (entry: OutboxEntry) => entry.state === "pending";

function pendingAgain({ clientId, room, text, at }: OutboxEntry): OutboxEntry & { state: "pending" } {
  return { state: "pending", clientId, room, text, at, sentAt: 0 };
}

/** Whether trying once more by hand can help. */
export const canTryAgain = (entry: OutboxEntry): boolean =>
  entry.state === "unsure" || (entry.state === "failed" && REFUSALS[entry.code].mayRetry);
