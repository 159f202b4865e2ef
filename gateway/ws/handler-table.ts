/** The handler of each kind of frame, on one page. */
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import type { Users } from "../accounts/user-cache.ts";
import type { AcceptTimes } from "../messages/accept-times.ts";
import type { Deletions } from "../messages/delete.ts";
import type { React } from "../messages/reactions/react.ts";
import type { Messages } from "../messages/send.ts";
import type { ConnectionRecords } from "../presence/connection-records.ts";
import type { Fronts } from "../presence/fronts.ts";
import type { Presence } from "../presence/presence.ts";
import type { Acknowledge } from "./acknowledgements.ts";
import { send } from "./connection.ts";
import type { Handlers } from "./dispatch.ts";
import { createDeleteMessage } from "./handlers/delete.ts";
import type { FollowRooms } from "./handlers/follow.ts";
import { createFront } from "./handlers/front.ts";
import { createHello, type HelloDeps } from "./handlers/hello.ts";
import type { JoinRoom } from "./handlers/join.ts";
import { guardJoins } from "./handlers/join-guard.ts";
import { createReactHandler } from "./handlers/react.ts";
import { createSendMessage } from "./handlers/send.ts";
import { createTyping } from "./handlers/typing.ts";
import type { IdempotentRetries } from "./idempotency.ts";
import { createMembership, type RoomDoor } from "./membership.ts";
import type { SocketLimits } from "./socket-lifecycle.ts";

export type HandlerDeps = {
  hello: Omit<HelloDeps, "limits" | "records">;
  joining: Pick<JoinRoom, "join" | "leave"> & {
    follows: Pick<FollowRooms, "follow" | "read" | "readAll">;
  };
  writing: {
    messages: Messages;
    times: Pick<AcceptTimes, "begin">;
    acknowledge: Acknowledge;
    deletions: Deletions;
    react: React;
    users: Pick<Users, "find">;
    presence: Pick<Presence, "count">;
    scripts: Pick<RoomLogStore, "findSeq" | "typing">;
    door: RoomDoor;
  };
  limits: Pick<SocketLimits, "connectionLimits" | "connectRate">;
  records: Pick<ConnectionRecords, "opened"> & { setFront: Fronts["set"] };
};

export function createHandlers(deps: HandlerDeps, retries: IdempotentRetries): Handlers {
  const { hello, joining, limits, records } = deps;
  const { messages, times, acknowledge, deletions, users, presence, scripts, door } = deps.writing;
  const membership = createMembership(door);
  return {
    ...createHello({ ...hello, limits, records }),
    join: guardJoins(joining, door),
    leave: joining.leave,
    send: retries.before(createSendMessage({ messages, membership, times, acknowledge, retries })),
    delete: retries.before(createDeleteMessage(deletions, membership)),
    react: createReactHandler(deps.writing.react, membership),
    typing: createTyping(scripts, presence, membership, users),
    follow: joining.follows.follow,
    read: joining.follows.read,
    read_all: joining.follows.readAll,
    front: createFront(records.setFront),
    ping: (socket, { id }) => send(socket, { type: "pong", id }),
  };
}
