/**
 * A frame that was accepted once is acknowledged at every retry, also by a gateway that could not load the room, and
 * also over the rate limit. Therefore the client id is looked up before such a frame is refused.
 */
import type { Delete, Send } from "../../shared/client-frames.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import { type Socket, send } from "./connection.ts";

export type IdempotentRetries = ReturnType<typeof createIdempotentRetries>;

export function createIdempotentRetries(scripts: Pick<RoomLogStore, "findSeq">) {
  /** Acknowledges a frame that was accepted before. @returns whether it was; during an outage that stays unknown. */
  const answer = async (socket: Socket, { room, clientId }: Send | Delete): Promise<boolean> => {
    const { user } = socket.getUserData().connection;
    const seq = user ? await scripts.findSeq(room, user.id, clientId) : undefined;
    if (seq === undefined) return false;
    send(socket, { type: "ack", room, clientId, seq });
    return true;
  };

  return {
    answer,
    /**
     * Wraps a handler that refuses non-members; a member's client id is looked up with the decision about the frame.
     */
    before<F extends Send | Delete>(
      handler: (socket: Socket, frame: F, receivedAt: number) => Promise<void>,
    ) {
      const answerFirst = async (socket: Socket, frame: F, receivedAt: number): Promise<void> => {
        if (!(await answer(socket, frame))) await handler(socket, frame, receivedAt);
      };
      return (socket: Socket, frame: F, receivedAt: number): Promise<void> => {
        const joined = socket.getUserData().connection.rooms.includes(frame.room);
        return joined ? handler(socket, frame, receivedAt) : answerFirst(socket, frame, receivedAt);
      };
    },
  };
}
