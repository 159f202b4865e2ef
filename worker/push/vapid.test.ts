import { randomBytes } from "node:crypto";
import { importJWK, jwtVerify } from "jose";
import { expect, test } from "vitest";
import { readPushKey } from "../../shared/server/push/push-key.ts";
import { createVapid } from "./vapid.ts";

const HOUR_MS = 3_600_000;
const key = readPushKey(randomBytes(32).toString("hex"));
const point = Buffer.from(key.publicKey, "base64url");
const verify = async (header: string, now: number) => {
  const [, token = "", shown] = /^vapid t=(\S+), k=(\S+)$/.exec(header) ?? [];
  expect(shown).toBe(key.publicKey);
  const jwk = { x: point.subarray(1, 33).toString("base64url"), y: point.subarray(33).toString("base64url") };
  const publicKey = await importJWK({ kty: "EC", crv: "P-256", ...jwk }, "ES256");
  return (await jwtVerify(token, publicKey, { currentDate: new Date(now) })).payload;
};

test("a service gets a token that is for it alone, and for less than a day", async () => {
  const now = Date.now();
  const authorization = createVapid(key, "mailto:ops@example.org", () => now);
  const claims = await verify(authorization("https://push.example.com"), now);
  expect(claims.aud).toBe("https://push.example.com");
  expect(claims.sub).toBe("mailto:ops@example.org");
  expect((claims.exp ?? 0) * 1_000 - now).toBeLessThanOrEqual(24 * HOUR_MS);
  expect(authorization("https://push.example.com")).toBe(authorization("https://push.example.com"));
  const other = await verify(authorization("https://push.example.net"), now);
  expect(other.aud).toBe("https://push.example.net");
});

test("a token is signed again before it ends; without a contact none is told", async () => {
  let now = Date.now();
  const authorization = createVapid(key, "", () => now);
  const first = authorization("https://push.example.com");
  expect(await verify(first, now)).not.toHaveProperty("sub");
  now += 11.5 * HOUR_MS;
  const second = authorization("https://push.example.com");
  expect(second).not.toBe(first);
  expect((await verify(second, now)).aud).toBe("https://push.example.com");
});

test("services without end do not fill the memory, and each still gets its own token", async () => {
  const now = Date.now();
  const authorization = createVapid(key, "", () => now);
  for (let i = 0; i < 300; i++) authorization(`https://push-${i}.example.com`);
  expect((await verify(authorization("https://push-0.example.com"), now)).aud).toBe(
    "https://push-0.example.com",
  );
});
