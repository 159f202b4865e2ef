/** `send`: into a room the socket has joined; answered with `ack` or a refusal. */
import type { Send } from "../../../shared/client-frames.ts";
import { RETRY_AFTER_MS, Unavailable } from "../../../shared/server/process/unavailable.ts";
import { Refusal } from "../../errors.ts";
import type { AcceptTimes } from "../../messages/accept-times.ts";
import type { Messages } from "../../messages/send.ts";
import { type Connection, type Socket, send } from "../connection.ts";
import type { Membership } from "../membership.ts";

/** A message that waited longer for those before it is refused, so that an overloaded gateway is late by a bounded time. */
const LATE_MS = 1_000;

export function createSendMessage(
  messages: Messages,
  membership: Membership,
  times: Pick<AcceptTimes, "begin">,
  now = () => performance.now(),
) {
  return async (socket: Socket, frame: Send, receivedAt: number): Promise<void> => {
    const { room, clientId, text } = frame;
    const user = await membership(socket, room);
    const connection = socket.getUserData();
    keepOrder(connection, frame);
    try {
      if (now() - receivedAt > LATE_MS) throw new Unavailable("too many messages wait");
      const sending = { userId: user.id, room, clientId, text };
      const { seq, warned } = await messages.send(sending, times.begin(receivedAt));
      if (warned) send(socket, { type: "warning", code: "spam", room, clientId });
      send(socket, { type: "ack", room, clientId, seq });
    } catch (error) {
      if (isOutage(error)) connection.held ??= { room, clientId, until: now() + RETRY_AFTER_MS };
      throw error;
    }
  };

  /**
   * Refuses a message behind one that was refused in an outage, until that one comes again or its time to come again is over: it
   * would overtake it otherwise.
   */
  function keepOrder(connection: Connection, { room, clientId }: Send): void {
    const { held } = connection;
    if (!held) return;
    const waitMs = held.until - now();
    if (waitMs <= 0 || held.clientId === clientId) connection.held = undefined;
    else if (held.room === room) throw new Refusal("unavailable", { retryAfterMs: Math.ceil(waitMs) });
  }
}

const isOutage = (error: unknown): boolean =>
  error instanceof Unavailable || (error instanceof Refusal && error.code === "unavailable");
