/** Encrypts a message for one browser (RFC 8291, in the form of RFC 8188), so that its push service cannot read it. */
import { createCipheriv, createECDH, hkdfSync, randomBytes } from "node:crypto";

/** `p256dh`: the browser's public key, a point of P-256. `auth`: the secret that only browser and cluster know. */
export type BrowserKeys = { p256dh: Uint8Array; auth: Uint8Array };
/** Other than random only in tests. */
type Chance = { salt: Uint8Array; privateKey: Uint8Array };

/** All of a message is one record. Push services need not take more. */
const RECORD_BYTES = 4_096;
/** Longest text: a record also has its header, the mark of the end and the tag. */
export const PLAIN_MAX = RECORD_BYTES - 86 - 1 - 16;
/** No padding follows the last record. */
const LAST = Buffer.from([2]);

/** @throws Error when the browser's key is no point of the curve. */
export function encrypt(text: string, { p256dh, auth }: BrowserKeys, chance?: Chance): Buffer {
  const own = createECDH("prime256v1");
  if (chance) own.setPrivateKey(chance.privateKey);
  else own.generateKeys();
  const salt = chance?.salt ?? randomBytes(16);
  const ownPoint = own.getPublicKey();
  const shared = own.computeSecret(p256dh);

  const info = Buffer.concat([Buffer.from("WebPush: info\0"), p256dh, ownPoint]);
  const input = derive(shared, auth, info, 32);
  const key = derive(input, salt, Buffer.from("Content-Encoding: aes128gcm\0"), 16);
  const nonce = derive(input, salt, Buffer.from("Content-Encoding: nonce\0"), 12);
  const cipher = createCipheriv("aes-128-gcm", key, nonce);
  const sealed = [cipher.update(text, "utf8"), cipher.update(LAST), cipher.final(), cipher.getAuthTag()];

  const sizes = Buffer.alloc(5);
  sizes.writeUInt32BE(RECORD_BYTES, 0);
  sizes.writeUInt8(ownPoint.length, 4);
  return Buffer.concat([salt, sizes, ownPoint, ...sealed]);
}

const derive = (input: Uint8Array, salt: Uint8Array, info: Uint8Array, bytes: number): Buffer =>
  Buffer.from(hkdfSync("sha256", input, salt, info, bytes));
