/**
 * The order of a socket's messages behind one that was refused in an outage: they are refused too until that one comes again, because they
 * would overtake it otherwise, and come again in their turn. Owns which ones are awaited, and for how long.
 */
import { RETRY_AFTER_MS, Unavailable } from "../../shared/server/process/unavailable.ts";
import { Refusal } from "../errors.ts";
import type { Connection } from "./connection.ts";

type Place = { room: string; clientId: string };
/** `cameAt`: when it came last. `isRepeated`: it came more than once. */
type Entry = { clientId: string; cameAt: number; isRepeated: boolean };
/** The refused messages of a room in their order, and when the first of them was told to come again. */
export type Awaited = { entries: readonly Entry[]; dueAt: number };
/** The refusal of a message behind an awaited one. `isNew`: it was not among the awaited ones before. */
export type Behind = { refusal: Refusal; isNew: boolean };

/**
 * When the first one is so late, its client counts as one that gave it up. It is forgotten with all that did not come since it was due; the
 * others keep their order, if any of them came again: a client that sends nothing again has given up all. Seconds, because in an
 * overload a refusal and the message that comes again may each be under way for that long.
 */
const GRACE_MS = 4_000;
/** One that came before its turn comes again after this time at the earliest. */
const TURN_MS = 50;
/** A bound of memory, for each room. Those beyond are refused too, and their order is not kept. */
const MAX_AWAITED = 100;

/**
 * To be called for each message; its outcome is told to `noteOutcome`.
 * @param receivedAt decides whether the first one was given up, because this one may have waited long for others of its socket.
 * @returns undefined when it is the turn of the message; otherwise it is `unavailable`, behind an awaited one of its room.
 */
export function keepOrder(
  connection: Connection,
  { room, clientId }: Place,
  receivedAt: number,
  now: number,
): Behind | undefined {
  const known = connection.awaited?.get(room);
  if (!known) return undefined;
  const { entries, dueAt } = withoutGivenUp(known, clientId, receivedAt, now);
  const place = entries.findIndex((entry) => entry.clientId === clientId);
  if (entries.length === 0 || place === 0) {
    setAwaited(connection, room, { entries: entries.slice(1), dueAt: now });
    return undefined;
  }
  const isNew = place < 0;
  const came = { clientId, cameAt: receivedAt, isRepeated: !isNew };
  const hasRoom = entries.length < MAX_AWAITED;
  const behind = isNew ? (hasRoom ? [...entries, came] : entries) : entries.with(place, came);
  setAwaited(connection, room, { entries: behind, dueAt });
  const retryAfterMs = Math.ceil(Math.max(dueAt - now, TURN_MS));
  return { refusal: new Refusal("unavailable", { retryAfterMs }), isNew };
}

/** A message behind others was accepted before, and its client knows it: it will not come again. */
export function forgetAwaited(connection: Connection, { room, clientId }: Place): void {
  const known = connection.awaited?.get(room);
  if (!known) return;
  setAwaited(connection, room, {
    ...known,
    entries: known.entries.filter((entry) => entry.clientId !== clientId),
  });
}

/** Holds the later messages of the room if this one failed in an outage; if not, those behind it have their time from now on. */
export function noteOutcome(
  connection: Connection,
  { room, clientId }: Place,
  error: unknown,
  now: number,
): void {
  const isOutage = error instanceof Unavailable || (error instanceof Refusal && error.code === "unavailable");
  const others = connection.awaited?.get(room)?.entries ?? [];
  if (isOutage)
    setAwaited(connection, room, {
      entries: [{ clientId, cameAt: now, isRepeated: false }, ...others],
      dueAt: now + RETRY_AFTER_MS,
    });
  else if (others.length > 0) setAwaited(connection, room, { entries: others, dueAt: now });
}

function withoutGivenUp(awaited: Awaited, clientId: string, receivedAt: number, now: number): Awaited {
  const { entries, dueAt } = awaited;
  if (entries[0]?.clientId === clientId || dueAt + GRACE_MS > receivedAt) return awaited;
  const recent = entries.filter(({ cameAt }) => cameAt > dueAt);
  return { entries: recent.some(({ isRepeated }) => isRepeated) ? recent : [], dueAt: now };
}

function setAwaited(connection: Connection, room: string, awaited: Awaited): void {
  if (awaited.entries.length > 0) {
    connection.awaited ??= new Map();
    connection.awaited.set(room, awaited);
  } else {
    connection.awaited?.delete(room);
    if (connection.awaited?.size === 0) connection.awaited = undefined;
  }
}
