/** Says to a push service who sends, by a signed token for that service (VAPID, RFC 8292). */
import { sign } from "node:crypto";
import type { PushKey } from "../../shared/server/push/push-key.ts";

/** Services accept a day at most. */
const TOKEN_MS = 12 * 3_600_000;
const RENEW_MS = 3_600_000;
/** There are a handful of services. Anybody who invents more only makes tokens be signed again. */
const MAX_TOKENS = 100;

/**
 * @param contact an address of the operator, `mailto:` or `https:`; empty: none is told.
 * @returns a function that gives the value of `Authorization` for a service.
 */
export function createVapid({ publicKey, privateKey }: PushKey, contact: string, now = Date.now) {
  const tokens = new Map<string, { token: string; until: number }>();

  return function authorization(origin: string): string {
    const known = tokens.get(origin);
    const token = known && known.until - now() > RENEW_MS ? known.token : issue(origin);
    return `vapid t=${token}, k=${publicKey}`;
  };

  function issue(origin: string): string {
    const until = now() + TOKEN_MS;
    const claims = {
      aud: origin,
      exp: Math.floor(until / 1_000),
      ...(contact === "" ? {} : { sub: contact }),
    };
    const signed = [{ typ: "JWT", alg: "ES256" }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .join(".");
    const signature = sign("sha256", Buffer.from(signed), { key: privateKey, dsaEncoding: "ieee-p1363" });
    const token = `${signed}.${signature.toString("base64url")}`;
    if (tokens.size >= MAX_TOKENS) tokens.clear();
    tokens.set(origin, { token, until });
    return token;
  }
}
