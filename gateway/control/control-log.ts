/**
 * The cluster's control log as this gateway follows it: sessions that ended, users that were restricted, rooms that were made.
 * Events come by the bus; missed ones are read from Redis, and from PostgreSQL where Redis lost them. Owns how the log is
 * followed and written; what an event does is apply-control-events.ts'.
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

export type ControlDeps = {
  bus: Bus;
  scripts: ControlLogStore;
  channel: string;
  ended: Pick<EndedSessions, "add" | "has" | "jumped" | "isDue" | "load">;
  /** Asks PostgreSQL for whatever else the log may have said and no longer does. */
  reload: () => Promise<void>;
  accessTokenMs: number;
  onInternalError: ReportInternalError;
  /** What each kind of event does here; applied again it must do no harm. `id`: of the entry, alike on every gateway. */
  onEvent: { [K in ControlEvent["kind"]]: (event: Extract<ControlEvent, { kind: K }>, id: string) => void };
};
export type Control = ReturnType<typeof createControl>;

const START = "0-0";

export function createControl(deps: ControlDeps) {
  const { bus, scripts, channel, ended, reload, accessTokenMs, onEvent, onInternalError } = deps;
  const keepMs = controlKeepMs(accessTokenMs);
  let last = START;
  /** The run of Redis that it was read in: another one may have lost entries, also such as are not the newest. */
  let run = "";
  let started = false;
  /** This memory knows everything that the log says. */
  let isCurrent = false;
  /** An entry could not be read: what it may have said has to come from PostgreSQL. */
  let hasUnreadable = false;
  /** Redis did not take them. PostgreSQL has them already, so they are published as soon as Redis answers, whatever the caller does. */
  const pending: ControlEvent[] = [];
  const resync = singleFlight(readMissed);

  return {
    /** Follows the log from now on, with everything that is still in it. @throws an outage: a gateway must not start blind. */
    async start(): Promise<void> {
      await bus.subscribe(channel, onBus);
      started = true;
      // In a run that is not known yet it asks PostgreSQL too.
      await resync();
    },

    /** Reads what was missed, in single flight. */
    resync: (): Promise<void> => resync(),

    /** This process was away: until the next resync nobody is let in on what it remembers. */
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
        // A log that cannot be read ends no session: nobody is let in on what is remembered.
        if (!(error instanceof Unavailable)) isCurrent = false;
        throw error;
      }
    },

    /** Whether the session is over, so that its access tokens count no more. @throws an outage before the log is known. */
    isEnded(session: string): boolean {
      if (!isCurrent || ended.jumped()) throw new Unavailable("the control log is not known yet");
      return ended.has(session);
    },

    /** Tells every gateway, as all below do; resolves when the log has it. */
    endSessions: (sessions: string[]): Promise<void> => publish({ kind: "sessions_ended", sessions }),
    /** @param more `by` whom, and how the user is called; left out it was the spam rule. */
    restricted: (
      user: string,
      reason: string,
      until: number | null,
      more: { version: number; by: string; nickname: string } | Record<string, never> = {},
    ): Promise<void> => publish({ kind: "restricted", user, reason, until, ...more }),
    userChanged: (user: PublicUser, more: { version?: number; before?: string } = {}): Promise<void> =>
      publish({ kind: "user_changed", user, ...more }),
    /** @param until Infinity: for good; 0: lifted. */
    banned: (user: string, until: number, more: { reason: string; version?: number }): Promise<void> =>
      publish({ kind: "banned", user, until: until === Number.POSITIVE_INFINITY ? null : until, ...more }),
    accountClosed: (user: string): Promise<void> => publish({ kind: "account_closed", user }),
    roomCreated: (room: string): Promise<void> => publish({ kind: "room_created", room }),
    roomChanged: (room: string): Promise<void> => publish({ kind: "room_changed", room }),
  };

  /** The bus brings the event back here in its turn; what must hold as soon as this resolves is noted at once. */
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
      // The heartbeat comes back to it.
      if (!(error instanceof Unavailable)) onInternalError(error, "control");
    }
  }

  async function readMissed(): Promise<void> {
    const [head, oldest] = await Promise.all([scripts.head(), scripts.oldest()]);
    const { newest } = head;
    const isShorter = newest === START || isAfter(last, newest);
    // Redis was restarted or emptied, came back shorter, or dropped by a clock that was set what was not read yet: PostgreSQL
    // has what it no longer says. It also knows which tokens live again by another clock.
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

  /** That memory is not cleared while PostgreSQL is away harms nobody. */
  async function forgetPast(): Promise<void> {
    try {
      await reloadEnded();
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
    }
  }
}

/** Stream ids are `milliseconds-number`; neither part need fit a fixed width. */
function isAfter(a: string, b: string): boolean {
  const [aMs = 0, aN = 0] = a.split("-").map(Number);
  const [bMs = 0, bN = 0] = b.split("-").map(Number);
  return aMs > bMs || (aMs === bMs && aN > bN);
}
