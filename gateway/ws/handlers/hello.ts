/** `hello` and `auth`: whose a socket is, as its access token and the control log say. */

import type { Auth, Hello } from "../../../shared/client-frames.ts";
import { CLOSE } from "../../../shared/codes.ts";
import { FRAME_BYTES, PROTOCOL_VERSION, RESEND_MS } from "../../../shared/limits.ts";
import type { Tokens, VerifiedToken } from "../../../shared/server/identity/access-tokens.ts";
import type { Ban, PublicUser, Restriction } from "../../../shared/server-frames.ts";
import type { Identities, Identity } from "../../control/identity-cache.ts";
import { Refusal } from "../../errors.ts";
import type { ConnectionRecords } from "../../presence/connection-records.ts";
import type { TokenUses } from "../../sessions/token-uses.ts";
import type { ConnectRate } from "../connect-rate.ts";
import { end, endBanned, type Socket, send } from "../connection.ts";
import type { ConnectionLimits } from "../connection-limits.ts";
import { ROOM_NEWS } from "../topics.ts";

export type HelloDeps = {
  tokens: Pick<Tokens, "verify">;
  uses: Pick<TokenUses, "note">;
  identities: Pick<Identities, "of">;
  isEnded: (session: string) => boolean;
  banOf: (user: string) => Ban | null;
  /** What a welcome says of this node. */
  node: { gateway: string; messageChars: number };
  limits: {
    connectionLimits: Pick<ConnectionLimits<Socket>, "authenticated">;
    connectRate: Pick<ConnectRate, "ofUser">;
  };
  records: Pick<ConnectionRecords, "opened">;
};

/**
 * A token comes in for the first time moments after it was made. Older ones that come with a hello are of people who come
 * back, perhaps all at once, and cost PostgreSQL nothing.
 */
const NEW_TOKEN_MS = 60_000;

/** What follows once the socket's user is known. */
type OnIdentified = (restricted: Restriction | null) => void;

export function createHello(deps: HelloDeps) {
  const { tokens, uses, identities, isEnded, banOf, node, limits, records } = deps;

  return {
    hello(socket: Socket, { token, replaces, rooms }: Hello): void | Promise<void> {
      if (socket.getUserData().authenticated) throw new Refusal("invalid");
      const letIn: OnIdentified = (restricted) => {
        if (!isWithinLimits(socket, replaces !== undefined)) return;
        const connection = socket.getUserData();
        records.opened(connection);
        welcome(socket, connection.user, restricted);
        if (rooms) socket.subscribe(ROOM_NEWS);
      };
      return token === undefined ? letIn(null) : identify(socket, token, letIn);
    },

    auth(socket: Socket, { token }: Auth): void | Promise<void> {
      const { user } = socket.getUserData();
      if (!user) throw new Refusal("unauthenticated");
      return identify(socket, token, (restricted) => welcome(socket, socket.getUserData().user, restricted));
    },
  };

  /** In one go when nobody has to be asked, as is usual: then one write carries the welcome and the room's answer. */
  function identify(socket: Socket, token: string, onIdentified: OnIdentified): void | Promise<void> {
    const verified = verify(socket, token);
    if (!verified) return;
    const found = identities.of(verified);
    if (!(found instanceof Promise)) return attachIdentity(socket, verified, found, onIdentified);
    return found.then((identity) => attachIdentity(socket, verified, identity, onIdentified));
  }

  /** Whose the token is; undefined when it or its session is over, and the socket was closed. */
  function verify(socket: Socket, token: string): VerifiedToken | undefined {
    const { user } = socket.getUserData();
    const verified = tokens.verify(token);
    const ban = verified && banOf(verified.userId);
    if (ban) endBanned(socket, ban);
    else if (!verified || isEnded(verified.sessionId) || (user && user.id !== verified.userId))
      end(socket, CLOSE.sessionEnded, "session ended");
    else return verified;
  }

  /** Takes the token's user for the socket's. */
  function attachIdentity(
    socket: Socket,
    token: VerifiedToken,
    identity: Identity,
    onIdentified: OnIdentified,
  ): void {
    const connection = socket.getUserData();
    if (!connection.open) return;
    // Asked again, because the session may have ended while the user was looked up.
    if (isEnded(token.sessionId)) {
      end(socket, CLOSE.sessionEnded, "session ended");
      return;
    }
    if (token.issuedAt > Date.now() - NEW_TOKEN_MS) uses.note(token);
    connection.user = identity.user;
    connection.session = token.sessionId;
    connection.tokenEndsAt = token.expiresAt;
    onIdentified(identity.restricted);
  }

  /** @returns false when the socket was closed for being one too many. */
  function isWithinLimits(socket: Socket, replaces: boolean): boolean {
    const connection = socket.getUserData();
    const { ip, user } = connection;
    connection.authenticated = true;
    if (!limits.connectionLimits.authenticated(ip, socket, user?.id ?? null, replaces)) {
      end(socket, CLOSE.tooManyConnections, "too many connections");
      return false;
    }
    if (user && limits.connectRate.ofUser(user.id) > 0) {
      // Not for good: with the backoff of the contract nobody comes here again and again.
      end(socket, CLOSE.overloaded, "connecting too often");
      return false;
    }
    return true;
  }

  function welcome(socket: Socket, user: PublicUser | null, restricted: Restriction | null): void {
    const { id: connection } = socket.getUserData();
    const { gateway, messageChars } = node;
    const limits = { messageChars, frameBytes: FRAME_BYTES, resendMs: RESEND_MS };
    send(socket, { type: "welcome", v: PROTOCOL_VERSION, connection, gateway, user, restricted, limits });
  }
}
