/**
 * The person's messages and deletions, from the key press until PostgreSQL has them: pending, sent, failed or unsure.
 * Decides when to send one again and when to ask the person instead. A retry is safe because the `clientId` stays the same.
 * Messages of a room go out one at a time, each after the answer to the one before, so that none overtakes one that waits to be
 * retried. Deletions of a room do the same among themselves.
 */
import type { FrameCode } from "../../shared/codes.ts";
import { ACK_PATIENCE_MS } from "../../shared/timeouts.ts";
import type { Clock } from "./clock.ts";
import {
  type Command,
  type Extras,
  isDeleting,
  isPending,
  isSaying,
  isWaiting,
  type OutboxEntry,
  pendingAgain,
  wanted,
} from "./outbox-entry.ts";
import type { SendPace } from "./send-pace.ts";

/** The delay of a retry when the refusal names none. */
const RETRY_MS = 1_000;
/** Temporary refusals: the entry stays pending and is retried automatically. */
const PASSING: ReadonlySet<FrameCode> = new Set(["unavailable", "not_joined"]);
/** Temporary too, as long as the retry comes within the time in which messages are resent without asking. */
const PACE: ReadonlySet<FrameCode> = new Set(["too_fast", "slow_mode"]);
/** After this many internal errors the entry fails, because a server that failed so often will fail again. */
const MAX_FAULTS = 3;

type Pending = Extract<OutboxEntry, { state: "pending" }>;

export type OutboxDeps = {
  clock: Pick<Clock, "now">;
  /** Hands the entry to the connection. @returns false when there is none. */
  send(entry: OutboxEntry): boolean;
  /** The age up to which a message is resent without asking, ms. */
  resendMs(): number;
  changed(entries: readonly OutboxEntry[]): void;
  newClientId(): string;
  pace?: SendPace;
};

export function createOutbox(deps: OutboxDeps, kept: readonly OutboxEntry[] = []) {
  let entries: readonly OutboxEntry[] = kept;

  return {
    write: (room: string, text: string, extras?: Extras) => want(room, { text, ...extras }),
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

  /** Deletes the message `target`. Idempotent. */
  function remove(room: string, target: number, takeBack?: boolean) {
    const same = (entry: OutboxEntry) => isDeleting(entry) && entry.room === room && entry.target === target;
    const before = entries.find(same);
    if (before === undefined) want(room, { target, takeBack });
    else if (before.state === "failed") again(before.clientId);
  }

  /** Queues a command (its text was checked by `prepareText`) and sends it now if possible, else with a later tick. */
  function want(room: string, command: Command) {
    const clientId = deps.newClientId();
    update([...entries, { clientId, room, at: deps.clock.now(), ...command, state: "pending", sentAt: 0 }]);
    sendNew(room);
  }

  /** The entry has its place in the log. Called for its acknowledgement and its broadcast, in either order. */
  function settle(room: string, clientId: string, seq: number, epoch: string) {
    change(room, clientId, (entry) => ({ ...wanted(entry), state: "sent", seq, epoch }));
    const settled = entries.find((entry) => entry.clientId === clientId && entry.room === room);
    if (settled && isDeleting(settled)) forgetDeleted(room, settled.target);
    sendNew(room);
  }

  function refused(room: string | undefined, clientId: string, code: FrameCode, retryAfterMs?: number) {
    if (room !== undefined) deps.pace?.refused(room);
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

  /** The room was joined on a new connection: resends what was sent on another one and has no answer. */
  function resend(room: string) {
    sendFirst(room, () => true);
  }

  /**
   * The room's log has a new epoch. Entries acknowledged in another one, but not known to be stored, become pending again, because
   * `stored` of the new epoch lies above seqs that the old one may have lost.
   * @returns whether any became pending.
   */
  function newEpoch(room: string, epoch: string): boolean {
    const isOld = (entry: OutboxEntry) =>
      entry.state === "sent" && entry.room === room && entry.epoch !== epoch;
    if (!entries.some(isOld)) return false;
    const next = entries.map((entry) => (isOld(entry) ? pendingAgain(entry) : entry));
    update(next);
    return next.some((entry) => entry.room === room && isPending(entry));
  }

  /** PostgreSQL has the room up to `seq` of this epoch: drops the entries that are stored. */
  function storedUpTo(room: string, epoch: string, seq: number) {
    const left = entries.filter(
      (entry) =>
        !(entry.state === "sent" && entry.room === room && entry.epoch === epoch && entry.seq <= seq),
    );
    if (left.length !== entries.length) update(left);
  }

  /** The messages of these seqs were deleted: they are never resent, even if the log loses them. @param below exclusive. */
  function forgetDeleted(room: string, from: number, below = from + 1) {
    const isDeleted = (seq: number) => seq >= from && seq < below;
    const left = entries.filter(
      (entry) => !(isSaying(entry) && entry.state === "sent" && entry.room === room && isDeleted(entry.seq)),
    );
    if (left.length !== entries.length) update(left);
  }

  /** The room is closed. @param gone for good, with its messages. Otherwise unacknowledged entries fail as refused. */
  function roomClosed(room: string, gone: boolean) {
    const left = entries.filter((entry) => entry.room !== room || (!gone && entry.state !== "sent"));
    const next = left.map((entry) =>
      entry.room === room && isPending(entry)
        ? ({ ...wanted(entry), state: "failed", code: "room_archived" } as const)
        : entry,
    );
    update(next);
  }

  /** Slow mode of the room changed: entries that waited for it are retried with the next tick. */
  function paceChanged(room: string) {
    const now = deps.clock.now();
    const waits = (entry: OutboxEntry) =>
      entry.room === room && entry.state === "pending" && entry.code === "slow_mode";
    if (entries.some(waits))
      update(entries.map((entry) => (waits(entry) ? { ...entry, resendAt: now } : entry) as OutboxEntry));
  }

  /** Retries a failed or unsure entry by hand, behind the messages that were written meanwhile. */
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

  /** Call about once a second: resends due entries, and makes entries unsure that have become too old. */
  function tick() {
    const now = deps.clock.now();
    for (const room of roomsOf(entries)) {
      sendFirst(room, (entry) => now >= (entry.resendAt ?? entry.sentAt + ACK_PATIENCE_MS));
    }
  }

  /** Sends the first entry of the room if it was never sent. */
  function sendNew(room: string) {
    sendFirst(room, (entry) => entry.sentAt === 0);
  }

  /** Sends the first pending message and the first pending deletion of the room, if due and not delayed by a refusal. */
  function sendFirst(room: string, isDue: (entry: Pending) => boolean) {
    const now = deps.clock.now();
    for (const isOne of [isSaying, isDeleting]) {
      const first = () =>
        entries.find(
          (entry): entry is OutboxEntry & Pending => entry.room === room && isOne(entry) && isPending(entry),
        );
      // An entry that has become too old becomes unsure and lets the next one pass.
      let entry = first();
      // One that is held back is looked at each time, because the rule may have changed.
      const isReady = (one: Pending) => one.held || (isDue(one) && (one.resendAt ?? now) <= now);
      while (entry && isReady(entry) && !sendOne(entry)) entry = first();
    }
  }

  /** @returns false when the person must be asked first. */
  function sendOne(entry: Pending): boolean {
    const ageMs = deps.clock.now() - entry.at;
    // A deletion is idempotent, even if the server has forgotten the clientId, so it needs no question. A message with
    // a future time is from before the clock was set back, and may be of any age.
    const isOld = isSaying(entry) && (ageMs > deps.resendMs() || ageMs < 0);
    const delay = isSaying(entry) ? deps.pace?.delayOf(entry.room) : undefined;
    if (isOld) {
      change(entry.room, entry.clientId, () => ({ ...wanted(entry), state: "unsure" }));
    } else if (delay) {
      const { until: resendAt, code } = delay;
      if (entry.resendAt !== resendAt || entry.code !== code)
        change(entry.room, entry.clientId, () => ({ ...entry, resendAt, code, held: true }));
    } else if (deps.send(entry)) {
      const { faults } = entry;
      if (isSaying(entry)) deps.pace?.sent(entry.room);
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
