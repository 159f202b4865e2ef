/** `hello` and `auth`: lets a socket in, or gives it another token. identify.ts finds its user. */
import type { Auth, Hello } from "../../../shared/client-frames.ts";
import { CLOSE } from "../../../shared/codes.ts";
import { FRAME_BYTES, MENTION_CHARS, PROTOCOL_VERSION, RESEND_MS } from "../../../shared/limits.ts";
import type { PublicUser, Restriction } from "../../../shared/server-frames.ts";
import { Refusal } from "../../errors.ts";
import type { ConnectionRecords } from "../../presence/connection-records.ts";
import type { ConnectRate } from "../connect-rate.ts";
import { end, type Socket, send } from "../connection.ts";
import type { ConnectionLimits } from "../connection-limits.ts";
import { TOO_NEW } from "../connections.ts";
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
    /** How long raid mode keeps a user from writing, ms. */
    tooNewMs: (user: string) => number;
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
      const letIn: OnIdentified = (restricted) => {
        if (!isWithinLimits(socket, replaces !== undefined)) return;
        const connection = socket.getUserData().connection;
        records.opened(connection);
        welcome(socket, connection.user, restricted);
        if (rooms) socket.subscribe(ROOM_NEWS);
      };
      return token === undefined ? letIn(undefined) : identify(socket, token, letIn);
    },

    auth(socket: Socket, { token }: Auth): void | Promise<void> {
      const { user } = socket.getUserData().connection;
      if (!user) throw new Refusal("unauthenticated");
      return identify(socket, token, (restricted) =>
        welcome(socket, socket.getUserData().connection.user, restricted),
      );
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

  /** @returns whichever keeps the user from writing for longer: the restriction of their own, or raid mode. */
  function restrictionOf({ id, role }: PublicUser, own: Restriction | undefined): Restriction | undefined {
    const waitMs = role === "user" ? node.tooNewMs(id) : 0;
    const until = Date.now() + waitMs;
    return waitMs > 0 && until > (own?.until ?? 0) ? { reason: TOO_NEW, until } : own;
  }

  function welcome(socket: Socket, user: PublicUser | undefined, restricted: Restriction | undefined): void {
    const { id: connection } = socket.getUserData().connection;
    const { gateway, messageChars, messageRate } = node;
    const sizes = { messageChars, mentionChars: MENTION_CHARS, frameBytes: FRAME_BYTES };
    const limits = { ...sizes, resendMs: RESEND_MS, ...messageRate };
    const who = { user: user ?? null, restricted: (user && restrictionOf(user, restricted)) ?? null };
    send(socket, { type: "welcome", v: PROTOCOL_VERSION, connection, gateway, ...who, limits });
  }
}
