/** Greeting and renewal: who a socket belongs to, as its access token and the control log say. */

import type { Auth, Hello } from "../../../shared/client-frames.ts";
import { CLOSE } from "../../../shared/codes.ts";
import { FRAME_BYTES, PROTOCOL_VERSION, RESEND_MS } from "../../../shared/limits.ts";
import type { Tokens, VerifiedToken } from "../../../shared/server/identity/access-tokens.ts";
import type { Ban, PublicUser, Restriction } from "../../../shared/server-frames.ts";
import type { Identities, Identity } from "../../control/identity-cache.ts";
import { Refusal } from "../../errors.ts";
import type { ConnectionRecords } from "../../presence/connection-records.ts";
import type { TokenUses } from "../../sessions/token-uses.ts";
import type { Connects } from "../connect-rate.ts";
import { end, endBanned, type Socket, send } from "../connection.ts";
import type { ConnectionLimits } from "../connection-limits.ts";
import { ROOM_NEWS } from "../topics.ts";

export type HelloDeps = {
  tokens: Pick<Tokens, "verify">;
  identities: Pick<Identities, "of">;
  isEnded: (session: string) => boolean;
  banOf: (user: string) => Ban | null;
  gateway: string;
  messageChars: number;
  connectionLimits: Pick<ConnectionLimits<Socket>, "authenticated">;
  connects: Pick<Connects, "ofUser">;
  records: Pick<ConnectionRecords, "opened">;
  uses: Pick<TokenUses, "note">;
};

/**
 * A token comes in for the first time moments after it was made. Older ones that come with a greeting are of people who come
 * back, perhaps all at once, and cost PostgreSQL nothing.
 */
const NEW_TOKEN_MS = 60_000;

type Greet = (restricted: Restriction | null) => void;

export function createHello(deps: HelloDeps) {
  const {
    tokens,
    identities,
    isEnded,
    banOf,
    gateway,
    messageChars,
    connectionLimits,
    connects,
    records,
    uses,
  } = deps;
  const welcome = (socket: Socket, user: PublicUser | null, restricted: Restriction | null): void => {
    const { id } = socket.getUserData();
    const limits = { messageChars, frameBytes: FRAME_BYTES, resendMs: RESEND_MS };
    send(socket, { type: "welcome", v: PROTOCOL_VERSION, connection: id, gateway, user, restricted, limits });
  };

  /** Whose the token is; null when it or its session is over, and the socket was closed. */
  const prove = (socket: Socket, token: string): VerifiedToken | null => {
    const { user } = socket.getUserData();
    const proven = tokens.verify(token);
    const ban = proven && banOf(proven.userId);
    if (ban) endBanned(socket, ban);
    else if (!proven || isEnded(proven.sessionId) || (user && user.id !== proven.userId))
      end(socket, CLOSE.sessionEnded, "session ended");
    else return proven;
    return null;
  };

  /** Takes the token's user for the socket's, and greets them. */
  const settle = (socket: Socket, proven: VerifiedToken, found: Identity, greet: Greet): void => {
    const connection = socket.getUserData();
    if (!connection.open) return;
    // Asked again: the session may have ended while the user was looked up.
    if (isEnded(proven.sessionId)) {
      end(socket, CLOSE.sessionEnded, "session ended");
      return;
    }
    if (proven.issuedAt > Date.now() - NEW_TOKEN_MS) uses.note(proven);
    connection.user = found.user;
    connection.session = proven.sessionId;
    connection.tokenEndsAt = proven.expiresAt;
    greet(found.restricted);
  };

  /** In one go when nobody has to be asked, as is usual: then one write carries the greeting and the room's answer. */
  const identify = (socket: Socket, token: string, greet: Greet): void | Promise<void> => {
    const proven = prove(socket, token);
    if (!proven) return;
    const found = identities.of(proven);
    if (!(found instanceof Promise)) return settle(socket, proven, found, greet);
    return found.then((user) => settle(socket, proven, user, greet));
  };

  return {
    hello(socket: Socket, { token, replaces, rooms }: Hello): void | Promise<void> {
      if (socket.getUserData().authenticated) throw new Refusal("invalid");
      const greet: Greet = (restricted) => {
        const connection = socket.getUserData();
        const { ip, user } = connection;
        connection.authenticated = true;
        if (!connectionLimits.authenticated(ip, socket, user?.id ?? null, replaces !== undefined)) {
          end(socket, CLOSE.tooManyConnections, "too many connections");
        } else if (user && connects.ofUser(user.id) > 0) {
          // Not for good: with the backoff of the contract nobody comes here again and again.
          end(socket, CLOSE.overloaded, "connecting too often");
        } else {
          records.opened(connection);
          welcome(socket, connection.user, restricted);
          if (rooms) socket.subscribe(ROOM_NEWS);
        }
      };
      return token === undefined ? greet(null) : identify(socket, token, greet);
    },

    auth(socket: Socket, { token }: Auth): void | Promise<void> {
      const { user } = socket.getUserData();
      if (!user) throw new Refusal("unauthenticated");
      return identify(socket, token, (restricted) => welcome(socket, socket.getUserData().user, restricted));
    },
  };
}
