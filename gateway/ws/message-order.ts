/**
 * The order of a socket's messages behind one that was refused in an outage: they are refused too until that one comes again, because they
 * would overtake it otherwise, and come again in their turn. Owns which ones are awaited, and for how long.
 */
import { RETRY_AFTER_MS, Unavailable } from "../../shared/server/process/unavailable.ts";
import { Refusal } from "../errors.ts";
import type { Connection } from "./connection.ts";

type Place = { room: string; clientId: string };
/** `dueAt`: when it was told to come again. */
export type Awaited = { clientId: string; dueAt: number };

/** A message on its way has so long until its client counts as one that gave it up. */
const GRACE_MS = 500;
/** One that came before its turn comes again after this time at the earliest. */
const TURN_MS = 50;
/** A bound of memory, for each room. Those beyond are refused too, and their order is not kept. */
const MAX_AWAITED = 100;

/**
 * To be called for each message; its outcome is told to `holdBehind` if that is an error.
 * @throws Refusal `unavailable` for a message behind an awaited one of its room.
 */
export function keepOrder(connection: Connection, { room, clientId }: Place, now: number): void {
  const all = connection.awaited?.get(room);
  if (!all) return;
  const awaited = all.filter(({ dueAt }) => dueAt + GRACE_MS > now);
  const place = awaited.findIndex((each) => each.clientId === clientId);
  const [first] = awaited;
  if (!first || place === 0) {
    setAwaited(connection, room, awaited.slice(1));
    return;
  }
  const waitMs = Math.ceil(Math.max(first.dueAt - now, TURN_MS));
  const again = { clientId, dueAt: now + waitMs };
  if (place > 0) awaited[place] = again;
  else if (awaited.length < MAX_AWAITED) awaited.push(again);
  setAwaited(connection, room, awaited);
  throw new Refusal("unavailable", { retryAfterMs: waitMs });
}

/** Holds the later messages of the room if this one failed in an outage. */
export function holdBehind(
  connection: Connection,
  { room, clientId }: Place,
  error: unknown,
  now: number,
): void {
  const isOutage = error instanceof Unavailable || (error instanceof Refusal && error.code === "unavailable");
  if (!isOutage) return;
  const others = connection.awaited?.get(room) ?? [];
  setAwaited(connection, room, [{ clientId, dueAt: now + RETRY_AFTER_MS }, ...others]);
}

function setAwaited(connection: Connection, room: string, awaited: Awaited[]): void {
  if (awaited.length > 0) {
    connection.awaited ??= new Map();
    connection.awaited.set(room, awaited);
  } else {
    connection.awaited?.delete(room);
    if (connection.awaited?.size === 0) connection.awaited = undefined;
  }
}
