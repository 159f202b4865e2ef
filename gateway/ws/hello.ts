/** Greeting and renewal: who a socket belongs to, as its access token and the control log say. */

import type { Auth, Hello } from "../../shared/client-frames.ts";
import { CLOSE } from "../../shared/codes.ts";
import { FRAME_BYTES, PROTOCOL_VERSION, RESEND_MS } from "../../shared/limits.ts";
import type { Tokens } from "../../shared/server/tokens.ts";
import type { PublicUser, Restriction } from "../../shared/server-frames.ts";
import type { ConnectionRecords } from "../connection-records.ts";
import type { Identities } from "../identities.ts";
import { Refused } from "../refused.ts";
import type { Caps } from "./caps.ts";
import { end, type Socket, send } from "./connection.ts";

export type HelloDeps = {
  tokens: Pick<Tokens, "verify">;
  identities: Pick<Identities, "of">;
  isEnded: (session: string) => boolean;
  isBanned: (user: string) => boolean;
  gateway: string;
  messageChars: number;
  caps: Pick<Caps, "greeted">;
  records: Pick<ConnectionRecords, "opened">;
};

export function createHello(deps: HelloDeps) {
  const { tokens, identities, isEnded, isBanned, gateway, messageChars, caps, records } = deps;
  const welcome = (socket: Socket, user: PublicUser | null, restricted: Restriction | null): void => {
    const { id } = socket.getUserData();
    const limits = { messageChars, frameBytes: FRAME_BYTES, resendMs: RESEND_MS };
    send(socket, { type: "welcome", v: PROTOCOL_VERSION, connection: id, gateway, user, restricted, limits });
  };

  /** Takes the token's user for the socket's; false when the token or its session is over and the socket was closed. */
  const identify = async (socket: Socket, token: string): Promise<Restriction | null | false> => {
    const connection = socket.getUserData();
    const proven = await tokens.verify(token);
    if (proven && isBanned(proven.userId)) {
      end(socket, CLOSE.banned, "banned");
      return false;
    }
    const same = !connection.user || connection.user.id === proven?.userId;
    const found = proven && same && !isEnded(proven.sessionId) ? await identities.of(proven) : null;
    // Asked again: the session may have ended while the user was looked up.
    if (!proven || !found || isEnded(proven.sessionId)) {
      end(socket, CLOSE.sessionEnded, "session ended");
      return false;
    }
    connection.user = found.user;
    connection.session = proven.sessionId;
    connection.tokenEndsAt = proven.expiresAt;
    return found.restricted;
  };

  return {
    hello(socket: Socket, { token, replaces }: Hello): void | Promise<void> {
      const connection = socket.getUserData();
      if (connection.greeted) throw new Refused("invalid");
      const greet = (restricted: Restriction | null): void => {
        if (!connection.open) return;
        connection.greeted = true;
        if (connection.user && !caps.greeted(connection.user.id, replaces !== undefined)) {
          end(socket, CLOSE.tooManyConnections, "too many connections");
        } else {
          records.opened(connection);
          welcome(socket, connection.user, restricted);
        }
      };
      if (token === undefined) return greet(null);
      return identify(socket, token).then((restricted) => {
        if (restricted !== false) greet(restricted);
      });
    },

    async auth(socket: Socket, { token }: Auth): Promise<void> {
      if (!socket.getUserData().user) throw new Refused("unauthenticated");
      const restricted = await identify(socket, token);
      if (restricted !== false && socket.getUserData().open)
        welcome(socket, socket.getUserData().user, restricted);
    },
  };
}
