/** Finds a socket's user by its access token and the control log. */
import { CLOSE } from "../../../shared/codes.ts";
import type { Tokens, VerifiedToken } from "../../../shared/server/identity/access-tokens.ts";
import type { Ban } from "../../../shared/server-frames.ts";
import type { Identities, Identity } from "../../control/identity-cache.ts";
import type { TokenUses } from "../../sessions/token-uses.ts";
import { end, endBanned, type Socket } from "../connection.ts";

export type IdentifyDeps = {
  tokens: Pick<Tokens, "verify">;
  uses: Pick<TokenUses, "note">;
  identities: Pick<Identities, "of">;
  isEnded: (session: string) => boolean;
  banOf: (user: string) => Ban | undefined;
};
/** Continues once the socket's user is known. */
export type OnIdentified = () => void;

/**
 * Max age of a token whose first use is noted. An older one at a `hello` belongs to a returning client, perhaps one of
 * many at once, and must cost PostgreSQL nothing.
 */
const NEW_TOKEN_MS = 60_000;

export function createIdentify({ tokens, uses, identities, isEnded, banOf }: IdentifyDeps) {
  return identify;

  /**
   * Synchronous unless the user has to be looked up, so that one write usually carries the welcome and the room's
   * answer.
   */
  function identify(socket: Socket, token: string, onIdentified: OnIdentified): void | Promise<void> {
    const verified = verify(socket, token);
    if (!verified) return;
    const found = identities.of(verified);
    if (!(found instanceof Promise)) return attachIdentity(socket, verified, found, onIdentified);
    return found.then((identity) => attachIdentity(socket, verified, identity, onIdentified));
  }

  /** @returns undefined when the token or its session has ended: the socket was closed. */
  function verify(socket: Socket, token: string): VerifiedToken | undefined {
    const { user } = socket.getUserData().connection;
    const verified = tokens.verify(token);
    const ban = verified && banOf(verified.userId);
    if (ban) endBanned(socket, ban);
    else if (!verified || isEnded(verified.sessionId) || (user && user.id !== verified.userId))
      end(socket, CLOSE.sessionEnded, "session ended");
    else return verified;
  }

  function attachIdentity(
    socket: Socket,
    token: VerifiedToken,
    identity: Identity,
    onIdentified: OnIdentified,
  ): void {
    const connection = socket.getUserData().connection;
    if (!connection.open) return;
    // Checked again, because the session may have ended during the lookup.
    if (isEnded(token.sessionId)) {
      end(socket, CLOSE.sessionEnded, "session ended");
      return;
    }
    if (token.issuedAt > Date.now() - NEW_TOKEN_MS) uses.note(token);
    connection.user = identity.user;
    connection.restricted = identity.restricted;
    connection.session = token.sessionId;
    connection.tokenEndsAt = token.expiresAt;
    onIdentified();
  }
}
