/**
 * What was accepted once is acknowledged for ever: also where the room is not joined, as on a gateway that could not load
 * it, and where a socket is too fast. So the client id is looked up before such a frame is refused.
 */
import type { Delete, Send } from "../../shared/client-frames.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import { type Socket, send } from "./connection.ts";

export type IdempotentRetries = ReturnType<typeof createIdempotentRetries>;

export function createIdempotentRetries(scripts: Pick<RoomLogStore, "findSeq">) {
  /** Acknowledges what was accepted before. @returns whether it was. An outage leaves that unknown. */
  const answer = async (socket: Socket, { room, clientId }: Send | Delete): Promise<boolean> => {
    const { user } = socket.getUserData();
    const seq = user ? await scripts.findSeq(room, user.id, clientId) : undefined;
    if (seq === undefined) return false;
    send(socket, { type: "ack", room, clientId, seq });
    return true;
  };

  return {
    answer,
    /** The handler, which refuses who has not joined; members' client ids are looked up where their frames are judged. */
    before<F extends Send | Delete>(handler: (socket: Socket, frame: F) => Promise<void>) {
      return async (socket: Socket, frame: F): Promise<void> => {
        const joined = socket.getUserData().rooms.includes(frame.room);
        if (joined || !(await answer(socket, frame))) await handler(socket, frame);
      };
    },
  };
}
