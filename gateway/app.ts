/** The uWebSockets.js app: every socket frame and HTTP route on one port. Nobody else knows both halves. */
import { type TemplatedApp, us_listen_socket_close } from "uWebSockets.js";
import type { RoomScripts } from "../shared/server/redis/room-log-store.ts";
import type { Users } from "./accounts/user-cache.ts";
import { type HttpDeps, registerHttp } from "./http/route-table.ts";
import type { Deletions } from "./messages/delete.ts";
import type { Messages } from "./messages/send.ts";
import type { Metrics } from "./metrics.ts";
import type { ConnectionRecords } from "./presence/connection-records.ts";
import type { Presence } from "./presence/presence.ts";
import { send } from "./ws/connection.ts";
import type { Sockets } from "./ws/connections.ts";
import { createDispatch, type Handlers } from "./ws/dispatch.ts";
import { createDeleteMessage } from "./ws/handlers/delete.ts";
import { createHello, type HelloDeps } from "./ws/handlers/hello.ts";
import type { JoinRoom } from "./ws/handlers/join.ts";
import { createSendMessage } from "./ws/handlers/send.ts";
import { createTyping } from "./ws/handlers/typing.ts";
import { createRepeats, type Repeats } from "./ws/idempotency.ts";
import { createMembership } from "./ws/membership.ts";
import { registerSockets, type SocketLimits } from "./ws/socket-lifecycle.ts";

export type AppDeps = {
  sockets: Sockets;
  limits: SocketLimits;
  joining: JoinRoom;
  hello: Omit<HelloDeps, "caps" | "connects" | "records">;
  writing: {
    messages: Messages;
    deletions: Deletions;
    users: Pick<Users, "find">;
    presence: Pick<Presence, "count">;
    scripts: Pick<RoomScripts, "sent" | "typing">;
    roomExists: (room: string) => Promise<boolean>;
  };
  records: ConnectionRecords;
  metrics: Pick<Metrics, "refused" | "slowReader">;
  http: HttpDeps;
};

/** @returns how many frames are being handled right now. */
export function registerApp(app: TemplatedApp, deps: AppDeps): { inFlight: () => number } {
  const { sockets, limits, joining, records, metrics, http } = deps;
  const { onInternalError } = http;
  const repeats = createRepeats(deps.writing.scripts);
  const handlers = createHandlers(deps, repeats);
  const dispatch = createDispatch(handlers, limits.frameLimit, repeats, metrics.refused, onInternalError);
  registerSockets(app, {
    ...{ dispatch, sockets, joining, limits, records, onInternalError },
    origins: http.config.origins,
    onSlow: metrics.slowReader,
  });
  registerHttp(app, http);
  return { inFlight: dispatch.inFlight };
}

function createHandlers({ limits, joining, hello, writing, records }: AppDeps, repeats: Repeats): Handlers {
  const { caps, connects } = limits;
  const { messages, deletions, users, presence, scripts, roomExists } = writing;
  const membership = createMembership(roomExists);
  return {
    ...createHello({ ...hello, caps, connects, records }),
    join: joining.join,
    leave: joining.leave,
    send: repeats.before(createSendMessage(messages, membership)),
    delete: repeats.before(createDeleteMessage(deletions, membership)),
    typing: createTyping(scripts, presence, membership, users),
    ping: (socket, { id }) => send(socket, { type: "pong", id }),
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
