/** Access tokens: short-lived proof of user and session, and of nothing else. Name and role are looked up where they count. */
import { randomUUID, type webcrypto } from "node:crypto";
import { errors, type JWTPayload, jwtVerify, SignJWT } from "jose";
import type { Role } from "../server-frames.ts";

const ISSUER = "suda";
const AUDIENCE = "suda-gateway";
const TYPE = "at+jwt";
const ALGORITHM = "HS256";
/** Clocks of the gateways' machines may differ by this much. */
const LEEWAY_SECONDS = 5;

export type TokenKey = { kid: string; secret: string };
/** `as`: how the user was called when the token was made; the control log knows what changed since. */
export type Subject = { userId: string; sessionId: string; as?: { nickname: string; role: Role } };
/** `expiresAt`: milliseconds since the epoch, a whole second. */
export type AccessToken = { token: string; expiresAt: number };
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
  const encoder = new TextEncoder();
  // Imported once: the library would do it for every token, which costs as much as the check itself.
  const secrets = new Map(keys.map(({ kid, secret }) => [kid, importKey(encoder.encode(secret))]));
  if (secrets.size !== keys.length) throw new Error("SUDA_JWT_KEYS: a kid occurs twice");

  const secretOf = async ({ kid }: { kid?: string }): Promise<webcrypto.CryptoKey> => {
    const secret = kid === undefined ? undefined : secrets.get(kid);
    if (secret === undefined) throw new errors.JWTInvalid("unknown key id");
    return secret;
  };

  return {
    /** A token for one session of one user, unlike any before; `lifeMs` replaces the usual life. */
    async sign({ userId, sessionId, as }: Subject, lifeMs = accessTokenMs): Promise<AccessToken> {
      const now = Math.floor(Date.now() / 1_000);
      const end = now + Math.ceil(lifeMs / 1_000);
      const token = await new SignJWT({ sid: sessionId, ...(as ? { nick: as.nickname, role: as.role } : {}) })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: signing.kid })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(userId)
        .setJti(randomUUID())
        .setIssuedAt(now)
        .setExpirationTime(end)
        .sign(await secretOf(signing));
      return { token, expiresAt: end * 1_000 };
    },

    /** Who a token speaks for, or null for anything that this cluster did not sign or that has ended. Never throws for a bad token. */
    async verify(token: string): Promise<VerifiedToken | null> {
      try {
        const { payload } = await jwtVerify(token, secretOf, {
          algorithms: [ALGORITHM],
          issuer: ISSUER,
          audience: AUDIENCE,
          typ: TYPE,
          clockTolerance: LEEWAY_SECONDS,
          requiredClaims: ["sub", "sid", "iat", "exp"],
        });
        return subjectOf(payload);
      } catch (error) {
        if (error instanceof errors.JOSEError) return null;
        throw error;
      }
    },
  };
}

const importKey = (secret: Uint8Array<ArrayBuffer>): Promise<webcrypto.CryptoKey> =>
  crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);

function subjectOf({ sub, sid, nick, role, iat, exp }: JWTPayload): VerifiedToken | null {
  if (
    typeof sub !== "string" ||
    typeof sid !== "string" ||
    typeof iat !== "number" ||
    typeof exp !== "number"
  ) {
    return null;
  }
  const as = typeof nick === "string" && isRole(role) ? { as: { nickname: nick, role } } : {};
  return { userId: sub, sessionId: sid, issuedAt: iat * 1_000, expiresAt: exp * 1_000, ...as };
}

const isRole = (role: unknown): role is Role => role === "user" || role === "moderator" || role === "admin";
