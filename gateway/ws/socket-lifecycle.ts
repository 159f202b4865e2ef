/** The life of a socket: upgrade, open, frames, slow, close. Does not know the meaning of a frame. */

import type { HttpRequest, HttpResponse, TemplatedApp, us_socket_context_t } from "uWebSockets.js";
import { randomUUID } from "node:crypto";
import { CLOSE } from "../../shared/codes.ts";
import { SOCKET_IDLE_MS } from "../../shared/timeouts.ts";
import { Refusal } from "../errors.ts";
import type { ReportInternalError } from "../internal-errors.ts";
import { clientIp } from "../limits/client-ip.ts";
import { type Page, pageOf } from "../origin.ts";
import type { ConnectionRecords } from "../presence/connection-records.ts";
import { userAgentOf } from "../sessions/device.ts";
import type { AnswerLimit } from "./answer-limit.ts";
import type { ConnectRate } from "./connect-rate.ts";
import { cut, end, type Held, newConnection, type Socket } from "./connection.ts";
import type { ConnectionLimits } from "./connection-limits.ts";
import type { Sockets } from "./connections.ts";
import type { Dispatch } from "./dispatch.ts";
import type { FrameLimit } from "./frame-limit.ts";
import { refuseUpgrade, refuseVersion, WEBSOCKET_VERSION } from "./refused-upgrade.ts";

/** Limits of one socket. */
export type SocketLimits = {
  connectionLimits: ConnectionLimits<Socket>;
  connectRate: ConnectRate;
  frameLimit: FrameLimit;
  answerLimit: AnswerLimit;
  /** Unsent bytes beyond which a socket is closed. */
  maxBackpressure: number;
};
export type SocketRoutes = {
  dispatch: Pick<Dispatch, "receive">;
  sockets: Pick<Sockets, "add" | "remove">;
  joining: {
    leaveAll: (socket: Socket) => void;
    /** Called when some unsent bytes were sent. */
    drained: (socket: Socket) => void;
  };
  limits: {
    connectionLimits: Pick<ConnectionLimits<Socket>, "opened" | "closed">;
    connectRate: Pick<ConnectRate, "fromAddress">;
    maxBackpressure: number;
  };
  records: Pick<ConnectionRecords, "closed">;
  /** Whether a page may open sockets for its user. */
  mayEnter: (page: Page) => boolean;
  /** Called when a reader fell too far behind. */
  onSlow: () => void;
  onInternalError: ReportInternalError;
};

/**
 * Far above the contract's limit of a frame. A frame over the contract's limit is answered with a close code by the
 * dispatcher; beyond this one uWebSockets.js cuts the socket without a close code.
 */
const MAX_PAYLOAD = 64 * 1024;

export function registerSockets(app: TemplatedApp, routes: SocketRoutes): void {
  const { dispatch, sockets, joining, limits, records, mayEnter, onSlow, onInternalError } = routes;
  const { connectionLimits, connectRate, maxBackpressure } = limits;

  /** A bug during an event of a socket ends that socket (its client reconnects) and not the process. */
  const guarded =
    <A extends unknown[]>(handle: (socket: Socket, ...rest: A) => void) =>
    (socket: Socket, ...rest: A): void => {
      try {
        handle(socket, ...rest);
      } catch (error) {
        onInternalError(error, "socket");
        if (!socket.getUserData().connection.closed) cut(socket);
      }
    };

  const upgrade = (res: HttpResponse, req: HttpRequest, context: us_socket_context_t) => {
    if (req.getHeader("sec-websocket-version") !== WEBSOCKET_VERSION) return refuseVersion(res);
    if (!mayEnter(pageOf(req))) return refuseUpgrade(res, new Refusal("forbidden"));
    const remote = Buffer.from(res.getRemoteAddressAsText()).toString();
    const ip = clientIp(req.getHeader("x-real-ip"), remote);
    const waitMs = connectRate.fromAddress(ip);
    if (waitMs > 0) {
      const detail = "The limit SUDA_CONNECTS_PER_IP is used up";
      return refuseUpgrade(res, new Refusal("too_many_attempts", { retryAfterMs: waitMs, detail }));
    }
    const connection = newConnection(randomUUID(), ip, userAgentOf(req.getHeader("user-agent")));
    connection.fromUnknownProxy = req.getHeader("x-unknown-proxy") !== "";
    res.upgrade(
      { connection },
      req.getHeader("sec-websocket-key"),
      req.getHeader("sec-websocket-protocol"),
      req.getHeader("sec-websocket-extensions"),
      context,
    );
  };

  app.ws<Held>("/ws", {
    maxPayloadLength: MAX_PAYLOAD,
    maxBackpressure,
    closeOnBackpressureLimit: true,
    idleTimeout: SOCKET_IDLE_MS / 1_000,
    sendPingsAutomatically: true,

    upgrade(res, req, context) {
      try {
        upgrade(res, req, context);
      } catch (error) {
        onInternalError(error, "socket");
        res.close();
      }
    },
    open: guarded((socket) => {
      sockets.add(socket);
      const connection = socket.getUserData().connection;
      const oldest = connectionLimits.opened(connection.ip, socket, connection.fromUnknownProxy);
      if (oldest) end(oldest, CLOSE.tooManyConnections, "too many from this address");
    }),
    message: guarded(dispatch.receive),
    drain: guarded(joining.drained),
    // A publish drops the rest of a batch for a reader whose buffer is full, which would be a gap.
    dropped: guarded((socket) => {
      onSlow();
      cut(socket);
    }),
    close: guarded((socket) => {
      const connection = socket.getUserData().connection;
      connection.open = false;
      connection.closed = true;
      connection.waiting = undefined;
      sockets.remove(socket);
      joining.leaveAll(socket);
      const { ip, authenticated, user } = connection;
      connectionLimits.closed(ip, socket, authenticated, user?.id);
      records.closed(connection);
    }),
  });
}
