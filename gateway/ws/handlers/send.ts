/** `send`: into a room the socket has joined; answered with `ack` or a refusal. */
import type { Send } from "../../../shared/client-frames.ts";
import type { Messages } from "../../messages/send.ts";
import { type Socket, send } from "../connection.ts";
import type { Membership } from "../membership.ts";

export function createSendMessage(messages: Messages, membership: Membership) {
  return async (socket: Socket, { room, clientId, text }: Send): Promise<void> => {
    const user = await membership(socket, room);
    const { seq, warned } = await messages.send({ userId: user.id, room, clientId, text });
    if (warned) send(socket, { type: "warning", code: "spam", room, clientId });
    send(socket, { type: "ack", room, clientId, seq });
  };
}
