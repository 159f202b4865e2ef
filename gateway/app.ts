/** The uWebSockets.js app: every socket frame and HTTP route on one port. No other file knows both transports. */
import { type TemplatedApp, us_listen_socket_close } from "uWebSockets.js";
import { type HttpDeps, registerHttp } from "./http/route-table.ts";
import type { Sockets } from "./ws/connections.ts";
import { createDispatch, type OnRefused } from "./ws/dispatch.ts";
import { createHandlers, type HandlerDeps } from "./ws/handler-table.ts";
import type { FollowRooms } from "./ws/handlers/follow.ts";
import { createIdempotentRetries } from "./ws/idempotency.ts";
import { registerSockets, type SocketLimits, type SocketRoutes } from "./ws/socket-lifecycle.ts";

export type AppDeps = Pick<HandlerDeps, "hello" | "writing"> & {
  sockets: Sockets;
  limits: SocketLimits;
  joining: HandlerDeps["joining"] & SocketRoutes["joining"] & { follows: Pick<FollowRooms, "close"> };
  records: HandlerDeps["records"] & SocketRoutes["records"];
  metrics: { refused: OnRefused; slowReader: () => void };
  http: HttpDeps;
};

/** @returns a count of the frames being handled. */
export function registerApp(app: TemplatedApp, deps: AppDeps): { inFlight: () => number } {
  const { sockets, limits, joining, records, metrics, http } = deps;
  const { onInternalError, mayAct } = http.responder;
  const retries = createIdempotentRetries(deps.writing.scripts);
  const handlers = createHandlers(deps, retries);
  const dispatch = createDispatch(handlers, limits.frameLimit, retries, metrics.refused, onInternalError);
  registerSockets(app, {
    ...{ dispatch, sockets, limits, records, onInternalError },
    joining: {
      drained: joining.drained,
      leaveAll(socket) {
        joining.follows.close(socket);
        joining.leaveAll(socket);
      },
    },
    mayEnter: mayAct,
    onSlow: metrics.slowReader,
  });
  registerHttp(app, http);
  return { inFlight: dispatch.inFlight };
}

/** Without it two processes could share a port and get half of the connections each. Missing in the library's types. */
const LISTEN_EXCLUSIVE = 1;
type ExclusiveListen = {
  listen: (host: string, port: number, options: number, done: (socket: object | false) => void) => void;
};

/**
 * @returns a function that stops taking connections; open ones stay.
 * @throws when the port is taken.
 */
export function listen(app: TemplatedApp, host: string, port: number): Promise<() => void> {
  return new Promise((resolve, reject) => {
    (app as unknown as ExclusiveListen).listen(host, port, LISTEN_EXCLUSIVE, (socket) => {
      if (socket) resolve(() => us_listen_socket_close(socket));
      else reject(new Error(`port ${port} on ${host} is taken`));
    });
  });
}
