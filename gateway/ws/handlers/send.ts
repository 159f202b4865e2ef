/** `send`: into a room the socket has joined; answered with `ack` or a refusal. */
import type { Send } from "../../../shared/client-frames.ts";
import { Unavailable } from "../../../shared/server/process/unavailable.ts";
import { LATE_MS } from "../../../shared/timeouts.ts";
import type { AcceptTimes } from "../../messages/accept-times.ts";
import type { Messages } from "../../messages/send.ts";
import type { Acknowledge } from "../acknowledgements.ts";
import { type Socket, send } from "../connection.ts";
import type { IdempotentRetries } from "../idempotency.ts";
import type { Membership } from "../membership.ts";
import { keepOrder, noteOutcome } from "../message-order.ts";
import { refuseBehind } from "../refuse-behind.ts";

/** The gateway is slow when messages take this long on average, without the wait for those before them. */
const SLOW_MS = 100;
/** The average is one over about so many messages. */
const AVERAGED = 32;

/** One for all, because an overload is no time to make thousands of errors. */
const TOO_LATE = new Unavailable("too many messages wait");

type SendDeps = {
  messages: Messages;
  membership: Membership;
  times: Pick<AcceptTimes, "begin">;
  acknowledge: Acknowledge;
  retries: Pick<IdempotentRetries, "answer">;
};

export function createSendMessage(
  { messages, membership, times, acknowledge, retries }: SendDeps,
  now = () => performance.now(),
) {
  let averageMs = 0;

  return async (socket: Socket, frame: Send, receivedAt: number): Promise<void> => {
    const { room, clientId } = frame;
    const member = membership(socket, room);
    const user = member instanceof Promise ? await member : member;
    const connection = socket.getUserData().connection;
    const startedAt = now();
    const behind = keepOrder(connection, frame, receivedAt, startedAt);
    if (behind) return refuseBehind(socket, frame, behind, retries);
    try {
      // A burst of one client waits for nothing but itself, and is taken however late its last message is.
      if (averageMs > SLOW_MS && startedAt - receivedAt > LATE_MS) throw TOO_LATE;
      const { seq, warned } = await messages.send({ ...frame, userId: user.id }, times.begin(receivedAt));
      noteOutcome(connection, frame, undefined, now());
      if (warned) send(socket, { type: "warning", code: "spam", room, clientId });
      acknowledge(socket, { type: "ack", room, clientId, seq });
    } catch (error) {
      noteOutcome(connection, frame, error, now());
      throw error;
    } finally {
      // A reply may have waited for the gate of old messages, which says nothing about the gateway.
      if (frame.replyTo === undefined) averageMs += (now() - startedAt - averageMs) / AVERAGED;
    }
  };
}
