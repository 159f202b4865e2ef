/**
 * The control log in this gateway's memory: sessions that ended, users that were restricted, rooms that were made. Every
 * gateway follows it by the bus and resyncs it from Redis, and, where Redis lost it, from PostgreSQL.
 */

import { own } from "../../shared/own.ts";
import { singleFlight } from "../../shared/server/process/single-flight.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { ControlScripts } from "../../shared/server/redis/presence-store.ts";
import type { PublicUser } from "../../shared/server-frames.ts";
import type { ReportInternalError } from "../internal-errors.ts";
import type { Bus } from "../subscriber.ts";
import type { EndedSessions } from "./ended-sessions.ts";

/** The version of the user's row that is told of, since news may overtake one another; a gateway of an older release tells none. */
type Versioned = { version?: number };
export type ControlEvent =
  | { kind: "sessions_ended"; sessions: string[] }
  /** `by`: the moderator; without one it was the spam rule. `nickname`: the user's. */
  | ({
      kind: "restricted";
      user: string;
      reason: string;
      until: number | null;
      by?: string;
      nickname?: string;
    } & Versioned)
  /** `before`: the nickname that the user had, when that is what changed; otherwise it was the role. */
  | ({ kind: "user_changed"; user: PublicUser; before?: string } & Versioned)
  /** `until`: null is for good, 0 lifts the ban. */
  | ({ kind: "banned"; user: string; until: number | null; reason?: string } & Versioned)
  | { kind: "account_closed"; user: string }
  | { kind: "room_created"; room: string }
  | { kind: "room_changed"; room: string };

export type ControlDeps = {
  bus: Bus;
  scripts: ControlScripts;
  channel: string;
  ended: Pick<EndedSessions, "add" | "has" | "jumped" | "isDue" | "load">;
  /** Asks PostgreSQL for whatever else the log may have told and no longer does. */
  relearn: () => Promise<void>;
  accessTokenMs: number;
  onInternalError: ReportInternalError;
  /** What each kind of event does here; applied again it must do no harm. `id`: of the entry, alike on every gateway. */
  onEvent: { [K in ControlEvent["kind"]]: (event: Extract<ControlEvent, { kind: K }>, id: string) => void };
};
export type Control = ReturnType<typeof createControl>;

/** Clocks and slow requests: kept this much longer than a token lives. */
const MARGIN_MS = 5 * 60_000;
const START = "0-0";

/** How far back the log tells, whatever access token is still alive. */
export const controlKeepMs = (accessTokenMs: number): number => accessTokenMs + MARGIN_MS;

/** Stream ids are `milliseconds-number`; neither part need fit a fixed width. */
function isAfter(a: string, b: string): boolean {
  const [aMs = 0, aN = 0] = a.split("-").map(Number);
  const [bMs = 0, bN = 0] = b.split("-").map(Number);
  return aMs > bMs || (aMs === bMs && aN > bN);
}

export function createControl(deps: ControlDeps) {
  const { bus, scripts, channel, ended, relearn, accessTokenMs, onEvent, onInternalError } = deps;
  const keepMs = controlKeepMs(accessTokenMs);
  let last = START;
  /** The run of Redis that it was read in: another one may have lost entries, also such as are not the newest. */
  let run = "";
  let started = false;
  /** What is remembered is what the log says. */
  let followed = false;
  /** An entry could not be read: what it may have told has to come from PostgreSQL. */
  let missed = false;

  const apply = (event: ControlEvent, id: string): void => {
    if (event.kind === "sessions_ended") ended.add(event.sessions);
    // A newer gateway may tell of what this one does not know.
    const handler = own<(event: never, id: string) => void>(onEvent, event.kind);
    handler?.(event as never, id);
  };

  const take = (id: string, json: string): void => {
    if (!isAfter(id, last)) return;
    last = id;
    try {
      apply(JSON.parse(json) as ControlEvent, id);
    } catch (error) {
      onInternalError(error, "control", { entry: id });
      missed = true;
      followed = false;
    }
  };

  const learnEnded = async (): Promise<void> => {
    const sessions = [...(await ended.load())];
    if (sessions.length > 0) onEvent.sessions_ended({ kind: "sessions_ended", sessions }, START);
  };
  const learnFromPostgres = async (): Promise<void> => {
    await learnEnded();
    await relearn();
  };

  const readMissed = async (): Promise<void> => {
    const [head, oldest] = await Promise.all([scripts.head(), scripts.oldest()]);
    const { newest } = head;
    const shorter = newest === START || isAfter(last, newest);
    // Redis was restarted or emptied, came back shorter, or dropped by a clock that was set what was not read yet: what it no
    // longer tells, PostgreSQL does. It also knows which tokens live again by another clock.
    const lacks = shorter || head.run !== run || (last !== START && isAfter(oldest, last));
    if (lacks || ended.jumped()) await learnFromPostgres();
    if (shorter) last = START;
    run = head.run;
    for (const { id, json } of await scripts.after(last)) take(id, json);
    if (missed) {
      missed = false;
      await learnFromPostgres();
    }
    followed = true;
  };

  /** Reads what was missed, in single flight. */
  const resync = singleFlight(readMissed);

  const resyncSoon = async (): Promise<void> => {
    try {
      await resync();
    } catch (error) {
      // The heartbeat comes back to it.
      if (!(error instanceof Unavailable)) onInternalError(error, "control");
    }
  };

  const onBus = (message: Buffer): void => {
    const [before = "", id = "", ...rest] = message.toString().split(" ");
    if (before === last) take(id, rest.join(" "));
    else if (isAfter(id, last)) {
      void resyncSoon();
    } else return;
    if (missed) void resyncSoon();
  };

  /** What Redis did not take: PostgreSQL has it already, so it is told as soon as Redis answers, whatever the caller does. */
  const untold: ControlEvent[] = [];

  /** The bus brings the event back here in its turn; what must hold as soon as this resolves is noted at once. */
  const tell = async (event: ControlEvent): Promise<void> => {
    if (event.kind === "sessions_ended") ended.add(event.sessions);
    try {
      await scripts.append(JSON.stringify(event), keepMs);
    } catch (error) {
      if (error instanceof Unavailable) untold.push(event);
      throw error;
    }
  };

  const tellRest = async (): Promise<void> => {
    for (let event = untold[0]; event !== undefined; event = untold[0]) {
      await scripts.append(JSON.stringify(event), keepMs);
      untold.shift();
    }
  };

  /** That memory is not cleared while PostgreSQL is away harms nobody. */
  const forgetPast = async (): Promise<void> => {
    try {
      await learnEnded();
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
    }
  };

  return {
    /** Follows the log from now on, with all that is still in it. @throws an outage: a gateway must not start blind. */
    async start(): Promise<void> {
      await bus.subscribe(channel, onBus);
      started = true;
      // In a run that is not known yet it asks PostgreSQL too.
      await resync();
    },
    resync: (): Promise<void> => resync(),
    /** This process was away: until the next resync nobody is let in on what it remembers. */
    markStale(): void {
      followed = false;
    },
    /** Tells what is still to be told, and resyncs when Redis has something newer. */
    async check(): Promise<void> {
      try {
        await tellRest();
        if (ended.jumped()) followed = false;
        if (!started) return;
        const head = await scripts.head();
        if (!followed || head.run !== run || head.newest !== last) await resync();
        if (ended.isDue()) await forgetPast();
      } catch (error) {
        // A log that cannot be read ends no session: nobody is let in on what is remembered.
        if (!(error instanceof Unavailable)) followed = false;
        throw error;
      }
    },
    /** Whether the session is over, so that its access tokens count no more. @throws an outage before the log is known. */
    isEnded(session: string): boolean {
      if (!followed || ended.jumped()) throw new Unavailable("the control log is not known yet");
      return ended.has(session);
    },
    /** Tells every gateway; resolves when the log has it. */
    endSessions: (sessions: string[]): Promise<void> => tell({ kind: "sessions_ended", sessions }),
    /** @param more `by` whom, and how the user is called; left out it was the spam rule. */
    restricted: (
      user: string,
      reason: string,
      until: number | null,
      more: { version: number; by: string; nickname: string } | Record<string, never> = {},
    ): Promise<void> => tell({ kind: "restricted", user, reason, until, ...more }),
    userChanged: (user: PublicUser, more: { version?: number; before?: string } = {}): Promise<void> =>
      tell({ kind: "user_changed", user, ...more }),
    /** @param until Infinity: for good; 0: lifted. */
    banned: (user: string, until: number, more: { reason: string; version?: number }): Promise<void> =>
      tell({ kind: "banned", user, until: until === Number.POSITIVE_INFINITY ? null : until, ...more }),
    accountClosed: (user: string): Promise<void> => tell({ kind: "account_closed", user }),
    roomCreated: (room: string): Promise<void> => tell({ kind: "room_created", room }),
    roomChanged: (room: string): Promise<void> => tell({ kind: "room_changed", room }),
  };
}
