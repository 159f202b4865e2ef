/**
 * One room that has members on this gateway: its log in memory, fed by the bus, resynced from Redis. Its guarantee: members
 * get every event once and in order, or `onLost` says from where on they lack some. It knows no sockets: what
 * goes to members goes out by `publish`.
 */
import { backoffMs } from "../../shared/backoff.ts";
import { isOutage } from "../../shared/server/process/unavailable.ts";
import type { LogBounds, LogEntry, RoomState } from "../../shared/server/redis/room-log-store.ts";
import { CATCH_UP_MS } from "../../shared/timeouts.ts";
import { parseBus } from "../events/bus-message.ts";
import { joinedFrame } from "../events/joined-frame.ts";
import { Refused } from "../refused.ts";
import type { ClosedCode } from "../rooms/evictions.ts";
import { createRoomLog, type LoggedEvent, type Position } from "./event-buffer.ts";
import { createBatch } from "./fan-out-batch.ts";
import type { KeptSince } from "./retention.ts";

export type RoomRead = { state: RoomState; entries: LogEntry[] };
export type RoomDeps = {
  bounds: LogBounds;
  publish: (frame: Buffer) => void;
  /** The newest events, complete from its floor on; starts a fresh epoch first where Redis lost its run. */
  readNewest: () => Promise<RoomRead>;
  /** Events above a seq, in one piece. */
  readAfter: (seq: number) => Promise<RoomRead>;
  keptSince: KeptSince;
  onEvents: (count: number) => void;
  /**
   * The memory begins anew beyond a hole: members were told everything up to `from`. In the same step they have to be made to
   * hear no more before they were told the rest.
   */
  onLost: (from: Position) => void;
  /** The log cannot be read, for no outage: whoever holds the room lets go of it. */
  onUnreadable: (error: unknown) => void;
  /** PostgreSQL says that the room is closed: nobody can be in it any more. */
  onClosed: (code: ClosedCode) => void;
};

export type Room = ReturnType<typeof createRoom>;

/** Events that may wait for a resync; beyond it the resync reads them from the log anyway. */
const MOST_WAITING = 10_000;

/** That PostgreSQL no longer has the room open, as an error says; null: the error is about something else. */
function closedCode(error: unknown): ClosedCode | null {
  if (!(error instanceof Refused)) return null;
  return error.code === "no_such_room" || error.code === "room_archived" ? error.code : null;
}

export function createRoom(name: string, deps: RoomDeps) {
  const log = createRoomLog(deps.bounds, deps.keptSince);
  let members = 0;
  let state: "loading" | "live" | "resyncing" | "closed" = "loading";
  let waiting: LoggedEvent[] = [];
  let resynced: Promise<void> | null = null;
  const batch = createBatch(() => members, deps.publish);

  const fanOut = (event: LoggedEvent): void => {
    batch.push(event.bytes);
    deps.onEvents(1);
  };

  const reset = ({ state: now, entries }: RoomRead): void => {
    log.noteStored(now.stored);
    log.reset(now, entries, now.floor - 1);
  };

  /** Whether what was read after our head joins on to it without a hole. */
  const joinsOn = ({ state: now }: RoomRead, { epoch, seq }: Position): boolean => {
    if (now.floor > seq + 1) return false;
    return now.epoch === epoch ? now.seq >= seq : now.prevEpoch === epoch && seq <= now.prevUpTo;
  };

  const apply = (read: RoomRead): void => {
    const missed = read.entries;
    if (read.state.epoch === log.position.epoch) {
      for (const event of missed) if (log.offer(event) === "new") fanOut(event);
    } else {
      batch.flush();
      log.enter(read.state, missed);
      const { epoch, seq } = log.position;
      deps.onEvents(missed.length);
      deps.publish(
        joinedFrame({
          room: name,
          epoch,
          head: seq,
          stored: read.state.stored,
          recovered: true,
          events: missed,
          more: log.completeAbove > log.expired,
        }),
      );
    }
    log.noteStored(read.state.stored);
  };

  /** Gives the waiting events their turn; those beyond a hole have to be read again. */
  const drain = (): void => {
    const events = waiting;
    waiting = [];
    state = "live";
    for (const event of events) receive(event);
  };

  const isLetGo = (): boolean => state === "closed";

  const resyncOnce = async (): Promise<void> => {
    const before = log.position;
    const read = await deps.readAfter(before.seq);
    if (state === "closed") return;
    if (joinsOn(read, before)) apply(read);
    else {
      const newest = await deps.readNewest();
      batch.flush();
      reset(newest);
      deps.onLost(before);
    }
  };

  /** Reads what is missing before anything newer is delivered; one at a time, tried again until Redis answers. */
  const resync = (): Promise<void> => {
    if (state === "closed" || state === "loading") return Promise.resolve();
    state = "resyncing";
    resynced ??= (async () => {
      for (let attempt = 0; state === "resyncing"; attempt++) {
        try {
          await resyncOnce();
          break;
        } catch (error) {
          // Another room of this name may be there by now.
          if (isLetGo()) break;
          const code = closedCode(error);
          if (code) return deps.onClosed(code);
          if (!isOutage(error) && !(error instanceof Refused)) {
            deps.onUnreadable(error);
            break;
          }
          await new Promise((resolve) => setTimeout(resolve, backoffMs(attempt, 50, 1_000)));
        }
      }
      resynced = null;
      if (state === "resyncing") drain();
    })();
    return resynced;
  };

  /** Resyncs by a read that begins now: the one of a resync under way may have come too early. */
  const resyncFresh = (): Promise<void> => (resynced ? resynced.then(resync) : resync());

  function receive(event: LoggedEvent): void {
    if (state !== "live") {
      if (waiting.length < MOST_WAITING) waiting.push(event);
      return;
    }
    const offered = log.offer(event);
    if (offered === "new") fanOut(event);
    else if (offered !== "seen") {
      waiting.push(event);
      void resync();
    }
  }

  return {
    name,
    log,
    get members(): number {
      return members;
    },
    get live(): boolean {
      return state === "live";
    },
    /** A message of the room's channel. */
    onBus(message: Buffer): void {
      if (isLetGo()) return;
      try {
        const { event, signal } = parseBus(message, name);
        if (event) receive(event);
        else if (state === "live") deps.publish(signal);
      } catch (error) {
        deps.onUnreadable(error);
      }
    },
    /** Fills the memory; the channel has to be subscribed by now, so that nothing falls between. */
    async load(): Promise<void> {
      const newest = await deps.readNewest();
      if (state === "closed") return;
      reset(newest);
      drain();
    },
    resync,
    resyncFresh,
    /** Hears what the bus has not brought yet, for a client that was told of it elsewhere. Ends after a while without Redis. */
    async catchUp(): Promise<void> {
      let late: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => {
        late = setTimeout(resolve, CATCH_UP_MS);
      });
      await Promise.race([resyncFresh(), patience]);
      clearTimeout(late);
    },
    /** Holds back what the bus brings until a resync: the bus is known to have missed something. */
    markStale(): void {
      if (state === "live") state = "resyncing";
    },
    enter: () => void members++,
    leave: () => void members--,
    /** What is held back goes out now: a socket that subscribes next must not get it twice. */
    flush: () => batch.flush(),
    close(): void {
      state = "closed";
      batch.close();
    },
  };
}
