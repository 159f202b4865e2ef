/** The key pair by which push services know this cluster (VAPID, RFC 8292). */
import { createECDH, createPrivateKey, type KeyObject } from "node:crypto";

export type PushKey = {
  /** As browsers get it: the uncompressed point, base64url. */
  publicKey: string;
  privateKey: KeyObject;
};

/** @param hex 32 bytes, as the setting has them. @throws Error when the number is no private key of P-256, which one in four billion is. */
export function readPushKey(hex: string): PushKey {
  const pair = createECDH("prime256v1");
  pair.setPrivateKey(Buffer.from(hex, "hex"));
  const point = pair.getPublicKey();
  const jwk = {
    ...{ kty: "EC", crv: "P-256", d: Buffer.from(hex, "hex").toString("base64url") },
    ...{ x: point.subarray(1, 33).toString("base64url"), y: point.subarray(33).toString("base64url") },
  };
  return {
    publicKey: point.toString("base64url"),
    privateKey: createPrivateKey({ format: "jwk", key: jwk }),
  };
}
