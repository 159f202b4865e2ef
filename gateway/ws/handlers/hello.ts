/** `hello` and `auth`: lets a socket in, or gives it another token. identify.ts finds its user. */
import type { Auth, Hello } from "../../../shared/client-frames.ts";
import { CLOSE } from "../../../shared/codes.ts";
import { FRAME_BYTES, MENTION_CHARS, PROTOCOL_VERSION, RESEND_MS } from "../../../shared/limits.ts";
import { Refusal } from "../../errors.ts";
import type { ConnectionRecords } from "../../presence/connection-records.ts";
import type { ConnectRate } from "../connect-rate.ts";
import { end, type Socket, send } from "../connection.ts";
import type { ConnectionLimits } from "../connection-limits.ts";
import { restrictionOf, type TooNewMs } from "../restriction.ts";
import { ROOM_NEWS } from "../topics.ts";
import { createIdentify, type IdentifyDeps, type OnIdentified } from "./identify.ts";

/** Of a user. */
type MessageRate = { messagesPerSecond: number; messageBurst: number };

export type HelloDeps = IdentifyDeps & {
  /** The fields of `welcome` about this node. */
  node: {
    gateway: string;
    messageChars: number;
    messageRate: MessageRate | undefined;
    tooNewMs: TooNewMs;
  };
  limits: {
    connectionLimits: Pick<ConnectionLimits<Socket>, "authenticated">;
    connectRate: Pick<ConnectRate, "ofUser">;
  };
  records: Pick<ConnectionRecords, "opened">;
};

export function createHello(deps: HelloDeps) {
  const { node, limits, records } = deps;
  const identify = createIdentify(deps);

  return {
    hello(socket: Socket, { token, replaces, rooms, kinds }: Hello): void | Promise<void> {
      if (socket.getUserData().connection.authenticated) throw new Refusal("invalid");
      socket.getUserData().connection.isOlder = kinds === undefined;
      const letIn: OnIdentified = () => {
        if (!isWithinLimits(socket, replaces !== undefined)) return;
        const connection = socket.getUserData().connection;
        records.opened(connection);
        welcome(socket);
        if (rooms) socket.subscribe(ROOM_NEWS);
      };
      return token === undefined ? letIn() : identify(socket, token, letIn);
    },

    auth(socket: Socket, { token }: Auth): void | Promise<void> {
      const { user } = socket.getUserData().connection;
      if (!user) throw new Refusal("unauthenticated");
      return identify(socket, token, () => welcome(socket));
    },
  };

  /** @returns false when the socket was closed for exceeding a limit. */
  function isWithinLimits(socket: Socket, replaces: boolean): boolean {
    const connection = socket.getUserData().connection;
    const { ip, user } = connection;
    connection.authenticated = true;
    if (!limits.connectionLimits.authenticated(ip, socket, user?.id, replaces)) {
      end(socket, CLOSE.tooManyConnections, "too many connections");
      return false;
    }
    if (user && limits.connectRate.ofUser(user.id) > 0) {
      // Not for good: a client with the contract's backoff never gets here repeatedly.
      end(socket, CLOSE.overloaded, "connecting too often");
      return false;
    }
    return true;
  }

  function welcome(socket: Socket): void {
    const held = socket.getUserData().connection;
    const { id: connection, user } = held;
    const { gateway, messageChars, messageRate } = node;
    const sizes = { messageChars, mentionChars: MENTION_CHARS, frameBytes: FRAME_BYTES };
    const limits = { ...sizes, resendMs: RESEND_MS, ...messageRate };
    const who = { user: user ?? null, restricted: restrictionOf(held, node.tooNewMs) ?? null };
    send(socket, { type: "welcome", v: PROTOCOL_VERSION, connection, gateway, ...who, limits });
  }
}
