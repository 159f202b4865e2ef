/**
 * Access tokens: short-lived proof of user and session, and of nothing else. Name and role are looked up where they count.
 * Checked synchronously: to hand the check to another thread costs the event loop more than the check, and the answer a write.
 */
import { randomUUID } from "node:crypto";
import { createDecoder, createSigner, createVerifier, type DecodedJwt, TokenError } from "fast-jwt";
import type { Role } from "../../server-frames.ts";
import { LEEWAY_MS } from "../../timeouts.ts";

const ISSUER = "suda";
const AUDIENCE = "suda-gateway";
const TYPE = "at+jwt";
const ALGORITHM = "HS256";

export type TokenKey = { kid: string; secret: string };
/**
 * `as`: how the user was called when the token was made; the control log knows what changed since. `refresh`: names the
 * refresh token that it was given with, unless that is its session's first.
 */
export type Subject = {
  userId: string;
  sessionId: string;
  as?: { nickname: string; role: Role };
  refresh?: string;
};
/** `expiresAt`: milliseconds since the epoch, a whole second. */
type AccessToken = { token: string; expiresAt: number };
/** `issuedAt`: milliseconds; how old what the token says of the user may be. */
export type VerifiedToken = Subject & { issuedAt: number; expiresAt: number };
export type Tokens = ReturnType<typeof createTokens>;

/**
 * @param keys the first signs, all verify by their `kid`: a new key goes first, an old one leaves a token's life later.
 * @param accessTokenMs life of a token, rounded up to a whole second.
 * @throws Error without keys or with one `kid` twice.
 */
export function createTokens(keys: readonly TokenKey[], accessTokenMs: number) {
  const [signing] = keys;
  if (signing === undefined) throw new Error("SUDA_JWT_KEYS: at least one key is needed");
  const sign = createSigner({
    key: signing.secret,
    algorithm: ALGORITHM,
    header: { alg: ALGORITHM, typ: TYPE, kid: signing.kid },
  });
  const verifiers = new Map(keys.map(({ kid, secret }) => [kid, verifierOf(secret)]));
  if (verifiers.size !== keys.length) throw new Error("SUDA_JWT_KEYS: a kid occurs twice");

  return {
    /** How long a token lives. */
    lifeMs: accessTokenMs,

    /** A token for one session of one user, unlike any before; `lifeMs` replaces the usual life. */
    sign({ userId, sessionId, as, refresh }: Subject, lifeMs = accessTokenMs): AccessToken {
      const now = Math.floor(Date.now() / 1_000);
      const end = now + Math.ceil(lifeMs / 1_000);
      const token = sign({
        iss: ISSUER,
        aud: AUDIENCE,
        sub: userId,
        sid: sessionId,
        ...(as ? { nick: as.nickname, role: as.role } : {}),
        ...(refresh ? { ref: refresh } : {}),
        jti: randomUUID(),
        iat: now,
        exp: end,
      });
      return { token, expiresAt: end * 1_000 };
    },

    /** Who a token speaks for, or null for anything that this cluster did not sign or that has ended. Never throws for a bad token. */
    verify(token: string): VerifiedToken | null {
      try {
        const { header } = decode(token) as DecodedJwt;
        const verify = verifiers.get(header.kid);
        return verify ? subjectOf(verify(token)) : null;
      } catch (error) {
        if (error instanceof TokenError) return null;
        throw error;
      }
    },
  };
}

const decode = createDecoder({ complete: true });

/** Without the library's cache: a token that comes again comes to another gateway. */
const verifierOf = (secret: string) =>
  createVerifier({
    key: secret,
    algorithms: [ALGORITHM],
    allowedIss: ISSUER,
    allowedAud: AUDIENCE,
    checkTyp: TYPE,
    clockTolerance: LEEWAY_MS,
    requiredClaims: ["iss", "aud", "sub", "sid", "iat", "exp"],
    cache: false,
  });

function subjectOf({ sub, sid, nick, role, ref, iat, exp }: Record<string, unknown>): VerifiedToken | null {
  if (
    typeof sub !== "string" ||
    typeof sid !== "string" ||
    typeof iat !== "number" ||
    typeof exp !== "number"
  ) {
    return null;
  }
  const as = typeof nick === "string" && isRole(role) ? { as: { nickname: nick, role } } : {};
  const refresh = typeof ref === "string" ? { refresh: ref } : {};
  return { userId: sub, sessionId: sid, issuedAt: iat * 1_000, expiresAt: exp * 1_000, ...as, ...refresh };
}

const isRole = (role: unknown): role is Role => role === "user" || role === "moderator" || role === "admin";
