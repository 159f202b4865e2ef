/** Whose a socket is, as its access token and the control log say. */
import { CLOSE } from "../../../shared/codes.ts";
import type { Tokens, VerifiedToken } from "../../../shared/server/identity/access-tokens.ts";
import type { Ban, Restriction } from "../../../shared/server-frames.ts";
import type { Identities, Identity } from "../../control/identity-cache.ts";
import type { TokenUses } from "../../sessions/token-uses.ts";
import { end, endBanned, type Socket } from "../connection.ts";

export type IdentifyDeps = {
  tokens: Pick<Tokens, "verify">;
  uses: Pick<TokenUses, "note">;
  identities: Pick<Identities, "of">;
  isEnded: (session: string) => boolean;
  banOf: (user: string) => Ban | null;
};
/** What follows once the socket's user is known. */
export type OnIdentified = (restricted: Restriction | null) => void;

/**
 * A token comes in for the first time moments after it was made. Older ones that come with a hello are of people who come
 * back, perhaps all at once, and cost PostgreSQL nothing.
 */
const NEW_TOKEN_MS = 60_000;

export function createIdentify({ tokens, uses, identities, isEnded, banOf }: IdentifyDeps) {
  return identify;

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
}
