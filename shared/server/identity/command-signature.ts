/** The signature of a command from Kafka: the headers that carry it, how it is made and how it is checked. Owns no keys. */
import { createHmac, timingSafeEqual } from "node:crypto";

/** The headers of a command: the name of its key, and the signature. */
export const COMMAND_HEADERS = { key: "suda-key", signature: "suda-signature" } as const;

const HEX = /^[0-9a-f]{64}$/;
const digestOf = (secret: string, value: Uint8Array): Buffer =>
  createHmac("sha256", secret).update(value).digest();

/** @returns the headers of a command whose value has these bytes: HMAC-SHA256 by the key's secret, in lower-case hexadecimal. */
export const signCommand = (
  { name, secret }: { name: string; secret: string },
  value: string | Uint8Array,
): Record<string, string> => ({
  [COMMAND_HEADERS.key]: name,
  [COMMAND_HEADERS.signature]: digestOf(secret, Buffer.from(value)).toString("hex"),
});

/** Whether the signature is that of these bytes; in a time that says nothing about the right one. */
export function isSigned(secret: string, value: Uint8Array, signature: string | undefined): boolean {
  if (signature === undefined || !HEX.test(signature)) return false;
  return timingSafeEqual(Buffer.from(signature, "hex"), digestOf(secret, value));
}
