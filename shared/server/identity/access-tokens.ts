/**
 * Access tokens: short-lived proof of user and session, and of nothing else. Name and role are looked up where they matter.
 * Verified synchronously, because passing a token to another thread costs the event loop more than verifying it.
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
 * `as`: the user's nickname and role when the token was signed; the control log has all changes since. `refresh` identifies the
 * refresh token that was issued together with this token; absent for the first one of a session.
 */
export type Subject = {
  userId: string;
  sessionId: string;
  as?: { nickname: string; role: Role };
  refresh?: string;
};
/** `expiresAt`: ms since the epoch, a whole second. */
type AccessToken = { token: string; expiresAt: number };
/** `issuedAt`, in ms since the epoch: the token's nickname and role are as of this time. */
export type VerifiedToken = Subject & { issuedAt: number; expiresAt: number };
export type Tokens = ReturnType<typeof createTokens>;

/**
 * @param keys the first one signs, all of them verify by their `kid`. To rotate, put a new key first and remove the old one after
 *   the lifetime of a token.
 * @param accessTokenMs lifetime of a token, rounded up to a whole second.
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
    /** Lifetime of a token. */
    lifeMs: accessTokenMs,

    /** Signs a unique token for one session of one user. @param lifeMs a lifetime other than the usual one. */
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

    /** @returns the subject of a token; undefined if this cluster did not sign it or if it expired. Never throws for a bad token. */
    verify(token: string): VerifiedToken | undefined {
      try {
        const { header } = decode(token) as DecodedJwt;
        const verify = verifiers.get(header.kid);
        return verify ? subjectOf(verify(token)) : undefined;
      } catch (error) {
        if (error instanceof TokenError) return undefined;
        throw error;
      }
    },
  };
}

const decode = createDecoder({ complete: true });

/** Without the library's cache, because a token that is presented again usually reaches another gateway. */
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

function subjectOf({
  sub,
  sid,
  nick,
  role,
  ref,
  iat,
  exp,
}: Record<string, unknown>): VerifiedToken | undefined {
  if (
    typeof sub !== "string" ||
    typeof sid !== "string" ||
    typeof iat !== "number" ||
    typeof exp !== "number"
  ) {
    return undefined;
  }
  const as = typeof nick === "string" && isRole(role) ? { as: { nickname: nick, role } } : {};
  const refresh = typeof ref === "string" ? { refresh: ref } : {};
  return { userId: sub, sessionId: sid, issuedAt: iat * 1_000, expiresAt: exp * 1_000, ...as, ...refresh };
}

const isRole = (role: unknown): role is Role => role === "user" || role === "moderator" || role === "admin";
