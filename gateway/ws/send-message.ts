/** `send`: by somebody who is logged in, into a room they are in; answered with `ack` or a refusal. */
import type { Send } from "../../shared/client-frames.ts";
import type { Messages } from "../messages.ts";
import { Refused } from "../refused.ts";
import { type Socket, send } from "./connection.ts";

/** @param roomExists tells a room that is not joined from one that is not there. */
export function createSendMessage(messages: Messages, roomExists: (room: string) => Promise<boolean>) {
  return async (socket: Socket, { room, clientId, text }: Send): Promise<void> => {
    const { user, rooms } = socket.getUserData();
    if (!user) throw new Refused("unauthenticated");
    if (!rooms.includes(room)) throw new Refused((await roomExists(room)) ? "not_joined" : "no_such_room");
    const { seq, warned } = await messages.send({ userId: user.id, room, clientId, text });
    if (warned) send(socket, { type: "warning", code: "spam", room, clientId });
    send(socket, { type: "ack", room, clientId, seq });
  };
}
