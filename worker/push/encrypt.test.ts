import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createReceiver } from "../../test/support/push-service.ts";
import { encrypt, PLAIN_MAX } from "./encrypt.ts";

const bytes = (text: string): Buffer => Buffer.from(text, "base64url");

test("a message is encrypted as in the example of RFC 8291", () => {
  const keys = {
    p256dh: bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
    auth: bytes("BTBZMqHH6r4Tts7J_aSIgg"),
  };
  const chance = {
    salt: bytes("DGv6ra1nlYgDCS1FRnbzlw"),
    privateKey: bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
  };
  expect(encrypt("When I grow up, I want to be a watermelon", keys, chance).toString("base64url")).toBe(
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
  );
});

test("a browser reads what was encrypted for it, and no other one does; the longest text fits into 4096 bytes", () => {
  const [own, other] = ["a", "b"].map((name) => createReceiver("https://example.org", name));
  if (!own || !other) throw new Error("no receivers");
  const keys = { p256dh: bytes(own.body.p256dh), auth: bytes(own.body.auth) };
  for (const text of ["", "하늘님이 불러요 👨‍👩‍👧", "x".repeat(PLAIN_MAX)]) {
    const body = encrypt(text, keys);
    expect(own.decrypt(body)).toBe(text);
    expect(() => other.decrypt(body)).toThrow();
    expect(body.length).toBeLessThanOrEqual(4_096);
    expect(encrypt(text, keys)).not.toEqual(body);
  }
});

test("a key that is no point of the curve is refused", () => {
  const p256dh = Buffer.concat([Buffer.from([4]), randomBytes(64)]);
  expect(() => encrypt("x", { p256dh, auth: randomBytes(16) })).toThrow();
});
