/**
 * The order of a socket's messages behind one that was refused in an outage: they are refused too until that one comes again, because they
 * would overtake it otherwise.
 */
import { RETRY_AFTER_MS, Unavailable } from "../../shared/server/process/unavailable.ts";
import { Refusal } from "../errors.ts";
import type { Connection } from "./connection.ts";

type Place = { room: string; clientId: string };

/** @throws Refusal `unavailable` for a message behind a refused one of its room, for as long as that one was told to wait. */
export function keepOrder(connection: Connection, { room, clientId }: Place, now: number): void {
  const { held } = connection;
  if (!held) return;
  const waitMs = held.until - now;
  if (waitMs <= 0 || held.clientId === clientId) connection.held = undefined;
  else if (held.room === room) throw new Refusal("unavailable", { retryAfterMs: Math.ceil(waitMs) });
}

/** Holds the later messages of the room if this one failed in an outage. */
export function holdBehind(
  connection: Connection,
  { room, clientId }: Place,
  error: unknown,
  now: number,
): void {
  const isOutage = error instanceof Unavailable || (error instanceof Refusal && error.code === "unavailable");
  if (isOutage) connection.held ??= { room, clientId, until: now + RETRY_AFTER_MS };
}
