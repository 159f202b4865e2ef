/** The uWebSockets.js app: every socket frame and HTTP route on one port. Nobody else knows both halves. */
import { type TemplatedApp, us_listen_socket_close } from "uWebSockets.js";
import type { RoomScripts } from "../shared/server/redis/room-log-store.ts";
import type { Closed } from "../shared/server-frames.ts";
import type { Users } from "./accounts/user-cache.ts";
import type { ReadBacklog } from "./history/backlog.ts";
import { type HttpDeps, registerHttp } from "./http/route-table.ts";
import type { Deletions } from "./messages/delete.ts";
import type { Messages } from "./messages/send.ts";
import type { Metrics } from "./metrics.ts";
import type { ConnectionRecords } from "./presence/connection-records.ts";
import type { Presence } from "./presence/presence.ts";
import type { Rooms } from "./room-log/live-rooms.ts";
import type { AnswerLimit } from "./ws/answer-limit.ts";
import type { Connects } from "./ws/connect-rate.ts";
import { type Socket, send } from "./ws/connection.ts";
import type { Caps } from "./ws/connection-limits.ts";
import type { Sockets } from "./ws/connections.ts";
import { createDispatch } from "./ws/dispatch.ts";
import type { FrameLimit } from "./ws/frame-limit.ts";
import { createDeleteMessage } from "./ws/handlers/delete.ts";
import { createHello, type HelloDeps } from "./ws/handlers/hello.ts";
import { createJoinRoom } from "./ws/handlers/join.ts";
import { createSendMessage } from "./ws/handlers/send.ts";
import { createTyping } from "./ws/handlers/typing.ts";
import { createRepeats } from "./ws/idempotency.ts";
import { createMembership } from "./ws/membership.ts";
import { registerSockets } from "./ws/socket-lifecycle.ts";

export type AppDeps = {
  http: HttpDeps;
  hello: Omit<HelloDeps, "caps" | "connects" | "records">;
  sockets: Sockets;
  rooms: Rooms;
  presence: Presence;
  messages: Messages;
  users: Pick<Users, "find">;
  deletions: Deletions;
  scripts: Pick<RoomScripts, "sent" | "typing">;
  roomExists: (room: string) => Promise<boolean>;
  metrics: Metrics;
  frameLimit: FrameLimit;
  caps: Caps<Socket>;
  connects: Connects;
  records: ConnectionRecords;
  backlog: ReadBacklog;
  maxBackpressure: number;
  answerLimit: AnswerLimit;
};

export type RegisteredApp = {
  /** How many frames are being handled right now. */
  inFlight: () => number;
  /** Takes every socket out of a room that is closed, and tells them. */
  expel: (room: string, code: Closed["code"]) => void;
};

export function registerApp(app: TemplatedApp, deps: AppDeps): RegisteredApp {
  const { sockets, rooms, presence, messages, metrics, caps, connects, records } = deps;
  const { backlog, maxBackpressure, answerLimit } = deps;
  const { onInternalError } = deps.http;
  const { join, leave, expel, leaveAll, drained } = createJoinRoom({
    ...{ rooms, presence, backlog, maxBackpressure, answerLimit, onInternalError },
    sockets: sockets.all,
  });
  const { hello, auth } = createHello({ ...deps.hello, caps, connects, records });
  const membership = createMembership(deps.roomExists);
  const repeats = createRepeats(deps.scripts);
  const dispatch = createDispatch(
    {
      hello,
      auth,
      join,
      leave,
      send: repeats.before(createSendMessage(messages, membership)),
      delete: repeats.before(createDeleteMessage(deps.deletions, membership)),
      typing: createTyping(deps.scripts, presence, membership, deps.users),
      ping: (socket, { id }) => send(socket, { type: "pong", id }),
    },
    deps.frameLimit,
    repeats,
    metrics.refused,
    onInternalError,
  );
  const { origins } = deps.http.config;
  const onSlow = metrics.slowReader;
  registerSockets(app, {
    dispatch,
    sockets,
    leaveAll,
    drained,
    caps,
    connects,
    records,
    origins,
    maxBackpressure,
    onSlow,
    onInternalError,
  });
  registerHttp(app, deps.http);
  return {
    inFlight: dispatch.inFlight,
    expel(room, code) {
      for (const socket of sockets.all()) expel(socket, room, code);
    },
  };
}

/** Without it two processes may share a port, and each gets half of the connections. In the library, not in its types. */
const LISTEN_EXCLUSIVE = 1;
type ExclusiveListen = {
  listen: (host: string, port: number, options: number, done: (socket: object | false) => void) => void;
};

/** @returns stops taking connections; open ones stay. @throws when the port is taken. */
export function listen(app: TemplatedApp, host: string, port: number): Promise<() => void> {
  return new Promise((resolve, reject) => {
    (app as unknown as ExclusiveListen).listen(host, port, LISTEN_EXCLUSIVE, (socket) => {
      if (socket) resolve(() => us_listen_socket_close(socket));
      else reject(new Error(`port ${port} on ${host} is taken`));
    });
  });
}
