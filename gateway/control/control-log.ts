/**
 * Follows the cluster's control log: ended sessions, restricted users, new rooms. Events arrive on the bus; missed ones
 * are read from Redis, and from PostgreSQL if Redis lost them. Owns how the log is read and written;
 * apply-control-events.ts owns the effects of an event.
 */

import { own } from "../../shared/own.ts";
import { singleFlight } from "../../shared/server/process/single-flight.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import { type ControlEvent, controlKeepMs } from "../../shared/server/redis/control-events.ts";
import type { ControlLogStore } from "../../shared/server/redis/control-log-store.ts";
import type { PublicUser } from "../../shared/server-frames.ts";
import type { ReportInternalError } from "../internal-errors.ts";
import type { Bus } from "../subscriber.ts";
import type { EndedSessions } from "./ended-sessions.ts";
import type { Raid } from "./raid-mode.ts";

export type ControlDeps = {
  bus: Bus;
  scripts: ControlLogStore;
  channel: string;
  ended: Pick<EndedSessions, "add" | "has" | "jumped" | "isDue" | "load">;
  /** Reads from PostgreSQL everything else that the log may have said and lost. */
  reload: () => Promise<void>;
  accessTokenMs: number;
  onInternalError: ReportInternalError;
  /**
   * The effects of each kind of event on this gateway; they must be idempotent. `id`: of the entry, the same on every
   * gateway.
   */
  onEvent: { [K in ControlEvent["kind"]]: (event: Extract<ControlEvent, { kind: K }>, id: string) => void };
};
export type Control = ReturnType<typeof createControl>;
export type PrivateRoomNews = Extract<ControlEvent, { kind: "private_room" }>;

const START = "0-0";

export function createControl(deps: ControlDeps) {
  const { bus, scripts, channel, ended, reload, accessTokenMs, onEvent, onInternalError } = deps;
  const keepMs = controlKeepMs(accessTokenMs);
  let last = START;
  /**
   * The run of Redis in which the log was last read. Another run may have lost any of its entries, not only the newest.
   */
  let run = "";
  let started = false;
  /** Memory has every event of the log. */
  let isCurrent = false;
  /** An entry could not be parsed: its effects have to be read from PostgreSQL. */
  let hasUnreadable = false;
  /**
   * Events that Redis did not take. PostgreSQL has them already, so they are published once Redis answers, even if the
   * caller has given up.
   */
  const pending: ControlEvent[] = [];
  const resync = singleFlight(readMissed);

  return {
    /**
     * Follows the log from now on, and reads everything in it.
     * @throws Unavailable, because a gateway must not start blind.
     */
    async start(): Promise<void> {
      await bus.subscribe(channel, onBus);
      started = true;
      // The run is unknown yet, so this also reads PostgreSQL.
      await resync();
    },

    /** Reads missed events, in single flight. */
    resync: (): Promise<void> => resync(),

    /** For a process that stalled: until the next resync nobody is let in on outdated memory. */
    markStale(): void {
      isCurrent = false;
    },

    /** Publishes pending events, and resyncs when Redis has something newer. */
    async check(): Promise<void> {
      try {
        await publishPending();
        if (ended.jumped()) isCurrent = false;
        if (!started) return;
        const head = await scripts.head();
        if (!isCurrent || head.run !== run || head.newest !== last) await resync();
        if (ended.isDue()) await forgetPast();
      } catch (error) {
        // An unreadable log could end no session, so nobody is let in on outdated memory.
        if (!(error instanceof Unavailable)) isCurrent = false;
        throw error;
      }
    },

    /**
     * @returns whether the session has ended and its access tokens are invalid.
     * @throws Unavailable while the log is not current.
     */
    isEnded(session: string): boolean {
      if (!isCurrent || ended.jumped()) throw new Unavailable("the control log is not known yet");
      return ended.has(session);
    },

    /** Publishes to every gateway, as all below do; resolves when the log has the event. */
    endSessions: (sessions: string[]): Promise<void> => publish({ kind: "sessions_ended", sessions }),
    /** @param until undefined: the mute is over. @param more the moderator and the user's nickname; absent for the spam rule. */
    restricted: (
      user: string,
      reason: string,
      until: number | undefined,
      more: { version: number; by: string; nickname: string } | Record<string, never> = {},
    ): Promise<void> => publish({ kind: "restricted", user, reason, until: until ?? null, ...more }),
    userChanged: (user: PublicUser, more: { version?: number; before?: string } = {}): Promise<void> =>
      publish({ kind: "user_changed", user, ...more }),
    /** @param until Infinity: for good; 0: lifted. */
    banned: (user: string, until: number, more: { reason: string; version?: number }): Promise<void> =>
      publish({ kind: "banned", user, until: until === Number.POSITIVE_INFINITY ? null : until, ...more }),
    accountClosed: (user: string): Promise<void> => publish({ kind: "account_closed", user }),
    /** @param raid undefined: it is over. */
    raid: (raid: Raid | undefined): Promise<void> => publish({ kind: "raid", raid: raid ?? null }),
    roomCreated: (room: string): Promise<void> => publish({ kind: "room_created", room }),
    roomChanged: (room: string): Promise<void> => publish({ kind: "room_changed", room }),
    privateRoom: (news: Omit<PrivateRoomNews, "kind">): Promise<void> =>
      publish({ kind: "private_room", ...news }),
    ownRoomsChanged: (user: string): Promise<void> => publish({ kind: "own_rooms", user }),
  };

  /**
   * The event comes back here on the bus, like any other. Ended sessions are noted at once, because they have to be
   * refused as soon as this resolves.
   */
  async function publish(event: ControlEvent): Promise<void> {
    if (event.kind === "sessions_ended") ended.add(event.sessions);
    try {
      await scripts.append(JSON.stringify(event), keepMs);
    } catch (error) {
      if (error instanceof Unavailable) pending.push(event);
      throw error;
    }
  }

  async function publishPending(): Promise<void> {
    for (let event = pending[0]; event !== undefined; event = pending[0]) {
      await scripts.append(JSON.stringify(event), keepMs);
      pending.shift();
    }
  }

  function onBus(message: Buffer): void {
    const [before = "", id = "", ...rest] = message.toString().split(" ");
    if (before === last) applyEntry(id, rest.join(" "));
    else if (isAfter(id, last)) void resyncSoon();
    else return;
    if (hasUnreadable) void resyncSoon();
  }

  async function resyncSoon(): Promise<void> {
    try {
      await resync();
    } catch (error) {
      // The heartbeat retries.
      if (!(error instanceof Unavailable)) onInternalError(error, "control");
    }
  }

  async function readMissed(): Promise<void> {
    const [head, oldest] = await Promise.all([scripts.head(), scripts.oldest()]);
    const { newest } = head;
    const isShorter = newest === START || isAfter(last, newest);
    // Redis was restarted or emptied, came back shorter, or trimmed unread entries by a clock that was set: PostgreSQL
    // has what was lost. It also knows which tokens became valid again by another clock.
    const lacks = isShorter || head.run !== run || (last !== START && isAfter(oldest, last));
    if (lacks || ended.jumped()) await reloadAll();
    if (isShorter) last = START;
    run = head.run;
    for (const { id, json } of await scripts.after(last)) applyEntry(id, json);
    if (hasUnreadable) {
      hasUnreadable = false;
      await reloadAll();
    }
    isCurrent = true;
  }

  function applyEntry(id: string, json: string): void {
    if (!isAfter(id, last)) return;
    last = id;
    try {
      apply(JSON.parse(json) as ControlEvent, id);
    } catch (error) {
      onInternalError(error, "control", { entry: id });
      hasUnreadable = true;
      isCurrent = false;
    }
  }

  function apply(event: ControlEvent, id: string): void {
    if (event.kind === "sessions_ended") ended.add(event.sessions);
    // A newer gateway may write kinds that this one does not know.
    const handler = own<(event: never, id: string) => void>(onEvent, event.kind);
    handler?.(event as never, id);
  }

  async function reloadAll(): Promise<void> {
    await reloadEnded();
    await reload();
  }

  async function reloadEnded(): Promise<void> {
    const sessions = [...(await ended.load())];
    if (sessions.length > 0) onEvent.sessions_ended({ kind: "sessions_ended", sessions }, START);
  }

  /** Skipped during a PostgreSQL outage: surplus entries in memory do no harm. */
  async function forgetPast(): Promise<void> {
    try {
      await reloadEnded();
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
    }
  }
}

/** Stream ids are `milliseconds-number`, without padding, so they cannot be compared as text. */
function isAfter(a: string, b: string): boolean {
  const [aMs = 0, aN = 0] = a.split("-").map(Number);
  const [bMs = 0, bN = 0] = b.split("-").map(Number);
  return aMs > bMs || (aMs === bMs && aN > bN);
}
