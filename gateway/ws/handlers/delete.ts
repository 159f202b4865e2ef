/** `delete`: one's own message, or any for a moderator; answered with `ack` or a refusal. */
import type { Delete } from "../../../shared/client-frames.ts";
import type { Deletions } from "../../messages/delete.ts";
import { type Socket, send } from "../connection.ts";
import type { Membership } from "../membership.ts";

export function createDeleteMessage(deletions: Deletions, membership: Membership) {
  return async (socket: Socket, { room, seq, clientId, takeBack = false }: Delete): Promise<void> => {
    const user = await membership(socket, room);
    const deletion = await deletions.delete({ userId: user.id, room, clientId, seq, takeBack });
    send(socket, { type: "ack", room, clientId, ...deletion });
  };
}
