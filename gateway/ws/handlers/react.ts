/** `react`: sets whether a reaction to a message is there; answered with `ack` or a refusal. */
import type { ReactFrame } from "../../../shared/client-frames.ts";
import type { React } from "../../messages/reactions/react.ts";
import { type Socket, send } from "../connection.ts";
import type { Membership } from "../membership.ts";

export function createReactHandler(react: React, membership: Membership) {
  return async (socket: Socket, { room, seq, emoji, on, clientId }: ReactFrame): Promise<void> => {
    const { id: userId } = await membership(socket, room);
    await react({ room, target: seq, emoji, userId, on });
    send(socket, { type: "ack", room, clientId, seq });
  };
}
