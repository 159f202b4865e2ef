/**
 * Refresh tokens: 256 bits in a cookie. The first half belongs to the session and stays, the second half changes at
 * each use. PostgreSQL has hashes only. A token's successor is derived from it and a key of the cluster, so that it can
 * be issued again when its answer was lost; without the key it cannot be derived from the table or an old token.
 */
import { createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";
import type { TokenKey } from "../../shared/server/identity/access-tokens.ts";

export type RefreshTokens = ReturnType<typeof createRefreshTokens>;
/** `family`: the hash of the half that stays. */
export type RefreshToken = { token: string; hash: Uint8Array; family: Uint8Array };

const HALF_BYTES = 16;
/** Enough to tell the few tokens of one session apart. */
const NAME_BYTES = 8;

const sha256 = (bytes: Uint8Array | string): Uint8Array => createHash("sha256").update(bytes).digest();

/** The name of a refresh token in the access token that was issued with it: hexadecimal. */
export const nameOf = ({ hash }: Pick<RefreshToken, "hash">): string =>
  Buffer.from(hash.subarray(0, NAME_BYTES)).toString("hex");

/** Parses a token, without any check. */
export function readRefreshToken(token: string): RefreshToken {
  const bytes = Buffer.from(token, "base64url");
  return { token, hash: sha256(token), family: sha256(bytes.subarray(0, HALF_BYTES)) };
}

/** @param keys those of access tokens: an attacker who has one needs no refresh token any more. */
export function createRefreshTokens(keys: readonly TokenKey[]) {
  const secrets = keys.map(({ secret }) => Buffer.from(hkdfSync("sha256", secret, "", "refresh tokens", 32)));

  return {
    /** The first token of a session. */
    fresh: (): RefreshToken => readRefreshToken(randomBytes(2 * HALF_BYTES).toString("base64url")),
    /**
     * This token's successors by the current keys: the usual one first, then the one by the keys before the last
     * change.
     */
    successorsOf: ({ token }: RefreshToken): RefreshToken[] =>
      secrets.map((secret) => successor(token, secret)),
  };

  function successor(token: string, secret: Buffer): RefreshToken {
    const stays = Buffer.from(token, "base64url").subarray(0, HALF_BYTES);
    const changes = createHmac("sha256", secret).update(token).digest().subarray(0, HALF_BYTES);
    return readRefreshToken(Buffer.concat([stays, changes]).toString("base64url"));
  }
}
