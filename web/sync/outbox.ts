/**
 * What the person said or took back, from the key press until PostgreSQL has it: pending, sent, failed or unsure.
 * Decides what to send again and when to ask the person instead. Repeating is safe: the `clientId` stays the same.
 * Messages of a room go out one at a time, each when the one before has its answer: whichever of them is refused for now,
 * none overtakes it. Deletions of a room do the same among themselves.
 */
import type { FrameCode } from "../../shared/codes.ts";
import { ACK_PATIENCE_MS } from "../../shared/timeouts.ts";
import type { Clock } from "./clock.ts";
import {
  type Deed,
  isDeleting,
  isPending,
  isSaying,
  isWaiting,
  type OutboxEntry,
  pendingAgain,
  wanted,
} from "./outbox-entry.ts";

/** When a refusal that passes does not say when. */
const RETRY_MS = 1_000;
/** Refusals that leave it undone only for now: it stays pending and is sent again by itself. */
const PASSING: ReadonlySet<FrameCode> = new Set(["unavailable", "not_joined"]);
/** The same as long as waiting for it keeps within the time in which messages are repeated without asking. */
const PACE: ReadonlySet<FrameCode> = new Set(["too_fast", "slow_mode"]);
/** A server that fails at a message this often will fail again: the person is told. */
const MAX_FAULTS = 3;

type Pending = Extract<OutboxEntry, { state: "pending" }>;

export type OutboxDeps = {
  clock: Pick<Clock, "now">;
  /** Hands it to the connection. @returns false when there is none. */
  send(entry: OutboxEntry): boolean;
  /** How old a message may be to be sent again without asking, ms. */
  resendMs(): number;
  changed(entries: readonly OutboxEntry[]): void;
  newClientId(): string;
};

export type Outbox = ReturnType<typeof createOutbox>;

export function createOutbox(deps: OutboxDeps, kept: readonly OutboxEntry[] = []) {
  let entries: readonly OutboxEntry[] = kept;

  return {
    write: (room: string, text: string) => want(room, { text }),
    remove,
    settle,
    refused,
    resend,
    newEpoch,
    storedUpTo,
    forgetDeleted,
    roomClosed,
    paceChanged,
    again,
    discard,
    tick,
    /** Rooms in which something still waits to be acknowledged or stored. */
    waitingRooms: () => new Set(entries.filter(isWaiting).map((entry) => entry.room)),
  };

  /** Wants the message `target` deleted; asking twice is asking once. */
  function remove(room: string, target: number) {
    const same = (entry: OutboxEntry) => isDeleting(entry) && entry.room === room && entry.target === target;
    const before = entries.find(same);
    if (before === undefined) want(room, { target });
    else if (before.state === "failed") again(before.clientId);
  }

  /** Takes what the person wants (a text was checked by `prepareText`) and sends it when it can, or a tick does later. */
  function want(room: string, deed: Deed) {
    const clientId = deps.newClientId();
    update([...entries, { clientId, room, at: deps.clock.now(), ...deed, state: "pending", sentAt: 0 }]);
    sendNew(room);
  }

  /** Where acknowledgement and broadcast meet, in whichever order they come: it has its place in the log. */
  function settle(room: string, clientId: string, seq: number, epoch: string) {
    change(room, clientId, (entry) => ({ ...wanted(entry), state: "sent", seq, epoch }));
    const settled = entries.find((entry) => entry.clientId === clientId && entry.room === room);
    if (settled && isDeleting(settled)) forgetDeleted(room, settled.target);
    sendNew(room);
  }

  function refused(room: string | undefined, clientId: string, code: FrameCode, retryAfterMs?: number) {
    change(room, clientId, (entry) => {
      if (entry.state !== "pending") return entry;
      const now = deps.clock.now();
      const faults = (entry.faults ?? 0) + (code === "internal" ? 1 : 0);
      const resendAt = now + (retryAfterMs ?? RETRY_MS * Math.max(1, faults));
      if (passes(entry, code, resendAt, faults)) return { ...entry, resendAt, code, faults };
      const failed = { ...wanted(entry), state: "failed", code } as const;
      return retryAfterMs === undefined ? failed : { ...failed, retryAt: now + retryAfterMs };
    });
    for (const each of room === undefined ? roomsOf(entries) : [room]) sendNew(each);
  }

  function passes(entry: Pending, code: FrameCode, resendAt: number, faults: number): boolean {
    if (code === "internal") return faults < MAX_FAULTS;
    return PASSING.has(code) || (PACE.has(code) && resendAt - entry.at <= deps.resendMs());
  }

  /** A room was joined on a new connection: what was sent on another one and has no answer goes out once more. */
  function resend(room: string) {
    sendFirst(room, () => true);
  }

  /**
   * The room's log has this epoch now. What was acknowledged in another one, and was not seen to be stored while that one
   * lasted, goes out again: `stored` of the new epoch lies above seqs that the old one may have lost.
   * @returns whether anything has to go out again.
   */
  function newEpoch(room: string, epoch: string): boolean {
    const isOld = (entry: OutboxEntry) =>
      entry.state === "sent" && entry.room === room && entry.epoch !== epoch;
    if (!entries.some(isOld)) return false;
    const next = entries.map((entry) => (isOld(entry) ? pendingAgain(entry) : entry));
    update(next);
    return next.some((entry) => entry.room === room && isPending(entry));
  }

  /** PostgreSQL has the room up to `seq` of this epoch: those messages need no care any more. */
  function storedUpTo(room: string, epoch: string, seq: number) {
    const left = entries.filter(
      (entry) =>
        !(entry.state === "sent" && entry.room === room && entry.epoch === epoch && entry.seq <= seq),
    );
    if (left.length !== entries.length) update(left);
  }

  /** The message with this seq was deleted: whatever happens to the log, it is not said again. */
  function forgetDeleted(room: string, seq: number) {
    const left = entries.filter(
      (entry) => !(isSaying(entry) && entry.state === "sent" && entry.room === room && entry.seq === seq),
    );
    if (left.length !== entries.length) update(left);
  }

  /** The room is closed. @param gone for good, with all that was said: else what was not acknowledged is told as refused. */
  function roomClosed(room: string, gone: boolean) {
    const left = entries.filter((entry) => entry.room !== room || (!gone && entry.state !== "sent"));
    const told = left.map((entry) =>
      entry.room === room && isPending(entry)
        ? ({ ...wanted(entry), state: "failed", code: "room_archived" } as const)
        : entry,
    );
    update(told);
  }

  /** The pace of the room is another: what waited for the old one is tried with the next tick. */
  function paceChanged(room: string) {
    const now = deps.clock.now();
    const waits = (entry: OutboxEntry) =>
      entry.room === room && entry.state === "pending" && entry.code === "slow_mode";
    if (entries.some(waits))
      update(entries.map((entry) => (waits(entry) ? { ...entry, resendAt: now } : entry) as OutboxEntry));
  }

  /** The person wants something failed or unsure done after all: it is said anew, behind what was said meanwhile. */
  function again(clientId: string) {
    const entry = entries.find((other) => other.clientId === clientId);
    if (!entry) return;
    const others = entries.filter((other) => other !== entry);
    update([...others, { ...pendingAgain(entry), at: deps.clock.now() }]);
    sendNew(entry.room);
  }

  function discard(clientId: string) {
    const gone = entries.filter((entry) => entry.clientId === clientId);
    update(entries.filter((entry) => !gone.includes(entry)));
    for (const room of roomsOf(gone)) sendNew(room);
  }

  /** Call about once a second: repeats what is due, and stops repeating what has become too old. */
  function tick() {
    const now = deps.clock.now();
    for (const room of roomsOf(entries)) {
      sendFirst(room, (entry) => now >= (entry.resendAt ?? entry.sentAt + ACK_PATIENCE_MS));
    }
  }

  /** Sends what has come to be the first of its room and was not sent yet. */
  function sendNew(room: string) {
    sendFirst(room, (entry) => entry.sentAt === 0);
  }

  /** Of the messages and of the deletions of the room the first that is pending, if it is due and no refusal bids it wait. */
  function sendFirst(room: string, isDue: (entry: Pending) => boolean) {
    const now = deps.clock.now();
    for (const isOne of [isSaying, isDeleting]) {
      const first = () =>
        entries.find(
          (entry): entry is OutboxEntry & Pending => entry.room === room && isOne(entry) && isPending(entry),
        );
      // One that has become too old stands aside for the next.
      let entry = first();
      while (entry && isDue(entry) && (entry.resendAt ?? now) <= now && !sendOne(entry)) entry = first();
    }
  }

  /** @returns false when the person must be asked first. */
  function sendOne(entry: Pending): boolean {
    const ageMs = deps.clock.now() - entry.at;
    // Deleting twice is deleting once, also when the server has forgotten the clientId: no need to ask. What was written in
    // the future is from before the clock was set back, and may be of any age.
    const isOld = isSaying(entry) && (ageMs > deps.resendMs() || ageMs < 0);
    if (isOld) {
      change(entry.room, entry.clientId, () => ({ ...wanted(entry), state: "unsure" }));
    } else if (deps.send(entry)) {
      const { faults } = entry;
      const sent = { ...pendingAgain(entry), sentAt: deps.clock.now() };
      change(entry.room, entry.clientId, () => (faults ? { ...sent, faults } : sent));
    }
    return !isOld;
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

const roomsOf = (entries: readonly OutboxEntry[]) => new Set(entries.map((entry) => entry.room));
