/** Wires joins and leaves of sockets. */
import type { Presence } from "../presence/presence.ts";
import { createJoinRoom } from "../ws/handlers/join.ts";
import type { Node } from "./node.ts";
import type { RoomLogs } from "./room-logs.ts";
import type { Sockets } from "./sockets.ts";

export function openJoining(
  { onInternalError }: Node,
  { rooms, backlog }: RoomLogs,
  presence: Presence,
  { limits }: Sockets,
) {
  const { maxBackpressure, answerLimit } = limits;
  return createJoinRoom({
    ...{ rooms, backlog, presence, maxBackpressure, answerLimit, onInternalError },
  });
}
