/**
 * The order of a socket's messages behind one that was refused in an outage: they are refused too until that one comes again, because they
 * would overtake it otherwise, and come again in their turn. Owns which ones are awaited, and for how long.
 */
import { RETRY_AFTER_MS, Unavailable } from "../../shared/server/process/unavailable.ts";
import { Refusal } from "../errors.ts";
import type { Connection } from "./connection.ts";

type Place = { room: string; clientId: string };
/** The refused messages of a room in their order, and when the first of them was told to come again. */
export type Awaited = { clientIds: readonly string[]; dueAt: number };

/**
 * When the first one is so late, its client counts as one that gave it up, and all of them are forgotten. Seconds, because in an overload
 * a refusal and the message that comes again may each be under way for that long. One time for all: if each were forgotten at its
 * own, a late one would have to wait for those that were written behind it.
 */
const GRACE_MS = 4_000;
/** One that came before its turn comes again after this time at the earliest. */
const TURN_MS = 50;
/** A bound of memory, for each room. Those beyond are refused too, and their order is not kept. */
const MAX_AWAITED = 100;

/**
 * To be called for each message; its outcome is told to `noteOutcome`.
 * @param receivedAt decides whether the first one was given up, because this one may have waited long for others of its socket.
 * @throws Refusal `unavailable` for a message behind an awaited one of its room.
 */
export function keepOrder(
  connection: Connection,
  { room, clientId }: Place,
  receivedAt: number,
  now: number,
): void {
  const awaited = connection.awaited?.get(room);
  if (!awaited) return;
  const { clientIds, dueAt } = awaited;
  const place = clientIds.indexOf(clientId);
  const isGivenUp = place !== 0 && dueAt + GRACE_MS <= receivedAt;
  if (isGivenUp || place === 0) {
    setAwaited(connection, room, { clientIds: isGivenUp ? [] : clientIds.slice(1), dueAt: now });
    return;
  }
  if (place < 0 && clientIds.length < MAX_AWAITED)
    setAwaited(connection, room, { clientIds: [...clientIds, clientId], dueAt });
  throw new Refusal("unavailable", { retryAfterMs: Math.ceil(Math.max(dueAt - now, TURN_MS)) });
}

/** Holds the later messages of the room if this one failed in an outage; if not, those behind it have their time from now on. */
export function noteOutcome(
  connection: Connection,
  { room, clientId }: Place,
  error: unknown,
  now: number,
): void {
  const isOutage = error instanceof Unavailable || (error instanceof Refusal && error.code === "unavailable");
  const others = connection.awaited?.get(room)?.clientIds ?? [];
  if (isOutage)
    setAwaited(connection, room, { clientIds: [clientId, ...others], dueAt: now + RETRY_AFTER_MS });
  else if (others.length > 0) setAwaited(connection, room, { clientIds: others, dueAt: now });
}

function setAwaited(connection: Connection, room: string, awaited: Awaited): void {
  if (awaited.clientIds.length > 0) {
    connection.awaited ??= new Map();
    connection.awaited.set(room, awaited);
  } else {
    connection.awaited?.delete(room);
    if (connection.awaited?.size === 0) connection.awaited = undefined;
  }
}
