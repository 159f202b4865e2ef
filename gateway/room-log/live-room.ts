/**
 * One room with members on this gateway: its log in memory, fed by the bus, resynced from Redis. Guarantee: members get
 * every event once and in order, or `onLost` names the position after which they lack some. Knows no sockets: frames
 * for members go out by `publish`.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs } from "../../shared/backoff.ts";
import { singleFlight } from "../../shared/server/process/single-flight.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { LogBounds, LogEntry, RoomState } from "../../shared/server/redis/room-state.ts";
import type { Closed } from "../../shared/server-frames.ts";
import { CATCH_UP_MS } from "../../shared/timeouts.ts";
import { Refusal } from "../errors.ts";
import { parseBus } from "../events/bus-message.ts";
import type { LoggedEvent, Position } from "../events/event.ts";
import { joinedFrame } from "../events/joined-frame.ts";
import { createEventBuffer } from "./event-buffer.ts";
import { createBatch } from "./fan-out-batch.ts";
import type { FanOutPace } from "./fan-out-pace.ts";
import type { KeptSince } from "./retention.ts";
import { createSeqWatch } from "./seq-watch.ts";

/** Reasons why a room has no members any more. */
export type ClosedCode = Closed["code"];
export type RoomRead = { state: RoomState; entries: LogEntry[] };
export type RoomDeps = {
  bounds: LogBounds;
  /** The way to members: frames for all of them, at the pace of the gateway. */
  out: { publish: (frame: Buffer) => void; pace: FanOutPace };
  reads: {
    /** The newest events, complete from its floor on; starts a fresh epoch first if Redis lost its run. */
    newest: () => Promise<RoomRead>;
    /** All events above a seq. */
    after: (seq: number) => Promise<RoomRead>;
  };
  keptSince: KeptSince;
  onEvents: (count: number) => void;
  /**
   * Called when memory starts over beyond a gap. Members have everything up to `from`, and must be unsubscribed in the
   * same step until they have the rest.
   */
  onLost: (from: Position) => void;
  /** Called when the log cannot be read for another reason than an outage: the owner unloads the room. */
  onUnreadable: (error: unknown) => void;
  /** Called when the room is closed by PostgreSQL: nobody can be in it any more. */
  onClosed: (code: ClosedCode) => void;
};

export type Room = ReturnType<typeof createRoom>;

/** Events that may wait for a resync; further ones are in the log, from which the resync reads. */
const MAX_WAITING = 10_000;

/** @returns the reason for which PostgreSQL no longer has the room open; undefined: the error has another cause. */
function closedCode(error: unknown): ClosedCode | undefined {
  if (!(error instanceof Refusal)) return undefined;
  return error.code === "no_such_room" || error.code === "room_archived" ? error.code : undefined;
}

export function createRoom(name: string, deps: RoomDeps) {
  const log = createEventBuffer(deps.bounds, deps.keptSince);
  let members = 0;
  let state: "loading" | "live" | "resyncing" | "closed" = "loading";
  let waiting: LoggedEvent[] = [];
  const heard = createSeqWatch();
  const written = createSeqWatch();
  const batch = createBatch(deps.out.pace, () => members, publish);
  const resyncUntilDone = singleFlight(readMissed, {
    onResult: (isComplete) => isComplete && state === "resyncing" && goLive(),
  });

  return {
    name,
    log,
    /** How far this gateway has heard the room's events, and written them to its sockets. */
    ...{ heard, written },
    get members(): number {
      return members;
    },
    get live(): boolean {
      return state === "live";
    },
    /** Takes a message of the room's channel. */
    onBus(message: Buffer): void {
      if (isClosed()) return;
      try {
        const { event, signal } = parseBus(message, name);
        if (event) receive(event);
        else if (state === "live") deps.out.publish(signal);
      } catch (error) {
        deps.onUnreadable(error);
      }
    },
    /** Fills the memory. The channel has to be subscribed already, so that no event falls between. */
    async load(): Promise<void> {
      const newest = await deps.reads.newest();
      if (isClosed()) return;
      reset(newest);
      goLive();
    },
    resync,
    resyncFresh,
    /** Resyncs for a client that is ahead of this node. Gives up after a while without Redis. */
    async catchUp(): Promise<void> {
      const patience = new AbortController();
      // Rejects only when it is aborted below.
      const late = sleep(CATCH_UP_MS, undefined, { signal: patience.signal }).catch(() => undefined);
      try {
        await Promise.race([resyncFresh(), late]);
      } finally {
        patience.abort();
      }
    },
    /** Holds back events of the bus until a resync, because the bus has missed some. */
    markStale(): void {
      if (state === "live") state = "resyncing";
    },
    enter: () => void members++,
    leave: () => void members--,
    /** Publishes held-back events now, because a socket that subscribes next must not get them twice. */
    flush: () => batch.flush(),
    close(): void {
      state = "closed";
      batch.close();
    },
  };

  function isClosed(): boolean {
    return state === "closed";
  }

  function receive(event: LoggedEvent): void {
    if (state !== "live") {
      if (waiting.length < MAX_WAITING) waiting.push(event);
      return;
    }
    const result = log.appendIfNext(event);
    if (result === "new") fanOut(event);
    else if (result !== "seen") {
      waiting.push(event);
      void resync();
    }
  }

  function publish(frame: Buffer): void {
    deps.out.publish(frame);
    // A batch holds everything up to the newest event.
    written.reach(log.position.seq);
  }

  function fanOut(event: LoggedEvent): void {
    heard.reach(event.seq);
    batch.push(event.bytes);
    deps.onEvents(1);
  }

  /** Delivers the waiting events; those beyond a gap trigger a resync. */
  function goLive(): void {
    const events = waiting;
    waiting = [];
    state = "live";
    for (const event of events) receive(event);
  }

  /** Reads the missing events before anything newer is delivered, in single flight. */
  async function resync(): Promise<void> {
    if (state === "closed" || state === "loading") return;
    state = "resyncing";
    await resyncUntilDone();
  }

  /** Resyncs by a read that begins now: the read of a resync under way may have begun too early. */
  async function resyncFresh(): Promise<void> {
    const running = resyncUntilDone.running();
    if (running) await running;
    await resync();
  }

  /** Retries until Redis answers. @returns false when the room is closed. */
  async function readMissed(): Promise<boolean> {
    for (let attempt = 0; state === "resyncing"; attempt++) {
      try {
        await readOnce();
        break;
      } catch (error) {
        // Another room of this name may exist by now.
        if (isClosed()) return false;
        const code = closedCode(error);
        if (code) {
          deps.onClosed(code);
          return false;
        }
        if (!(error instanceof Unavailable) && !(error instanceof Refusal)) {
          deps.onUnreadable(error);
          break;
        }
        await sleep(backoffMs(attempt, 50, 1_000));
      }
    }
    return true;
  }

  async function readOnce(): Promise<void> {
    const before = log.position;
    const read = await deps.reads.after(before.seq);
    if (isClosed()) return;
    if (followsOn(read, before)) apply(read);
    else {
      const newest = await deps.reads.newest();
      batch.flush();
      reset(newest);
      deps.onLost(before);
    }
  }

  function apply(read: RoomRead): void {
    const { state: now, entries: missed } = read;
    if (now.epoch === log.position.epoch) {
      for (const event of missed) if (log.appendIfNext(event) === "new") fanOut(event);
    } else {
      batch.flush();
      log.advanceEpoch(now, missed);
      deps.onEvents(missed.length);
      publishEpoch(missed, now.stored);
    }
    log.noteStored(now.stored);
  }

  /** Announces a fresh epoch to members by a `joined` that nobody asked for. */
  function publishEpoch(events: LoggedEvent[], stored: number): void {
    const { epoch, seq: head } = log.position;
    const more = log.completeAbove > log.expired;
    deps.out.publish(joinedFrame({ room: name, epoch, head, stored, recovered: true, events, more }));
  }

  function reset({ state: now, entries }: RoomRead): void {
    log.noteStored(now.stored);
    log.reset(now, entries, now.floor - 1);
  }
}

/** Whether a read after a position continues it without a gap. */
function followsOn({ state: now }: RoomRead, { epoch, seq }: Position): boolean {
  if (now.floor > seq + 1) return false;
  return now.epoch === epoch ? now.seq >= seq : now.prevEpoch === epoch && seq <= now.prevUpTo;
}
