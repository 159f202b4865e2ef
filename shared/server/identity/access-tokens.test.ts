import { SignJWT } from "jose";
import { expect, test, vi } from "vitest";
import { createTokens } from "./access-tokens.ts";

const OLD = { kid: "old", secret: "o".repeat(32) };
const NEW = { kid: "new", secret: "n".repeat(32) };
const ANA = { userId: "u1", sessionId: "s1" };
const MINUTE_MS = 60_000;

const tokens = createTokens([NEW, OLD], MINUTE_MS);
const secret = new TextEncoder().encode(NEW.secret);

/** A token that differs from a good one only in what the test changes. */
function forge(change: {
  header?: Record<string, string>;
  claims?: Record<string, unknown>;
  secret?: Uint8Array;
}): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    iss: "suda",
    aud: "suda-gateway",
    sub: "u1",
    sid: "s1",
    iat: now,
    exp: now + 60,
    ...change.claims,
  };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "HS256", typ: "at+jwt", kid: "new", ...change.header })
    .sign(change.secret ?? secret);
}

test("a token may say how its owner was called when it was made", async () => {
  const as = { nickname: "아나", role: "moderator" as const };
  const { token } = tokens.sign({ ...ANA, as });
  expect(tokens.verify(token)).toMatchObject({ ...ANA, as });
});

test("a signed token proves user, session and end", async () => {
  const { token, expiresAt } = tokens.sign(ANA);
  expect(tokens.verify(token)).toEqual({ ...ANA, issuedAt: expect.any(Number), expiresAt });
  expect(expiresAt - Date.now()).toBeGreaterThan(MINUTE_MS - 2_000);
  expect(expiresAt - Date.now()).toBeLessThanOrEqual(MINUTE_MS + 1_000);
});

test("no two tokens are alike, also of one session in one second", async () => {
  const signed = [tokens.sign(ANA), tokens.sign(ANA)];
  expect(new Set(signed.map(({ token }) => token)).size).toBe(2);
});

test("the forged token of the tests below is good as long as nothing is changed", async () => {
  expect(tokens.verify(await forge({}))).toMatchObject(ANA);
});

test("a key that no longer signs still verifies", async () => {
  const { token } = createTokens([OLD], MINUTE_MS).sign(ANA);
  expect(tokens.verify(token)).toMatchObject(ANA);
});

test.each([
  ["another issuer", { claims: { iss: "other" } }],
  ["another audience", { claims: { aud: "other" } }],
  ["another type", { header: { typ: "JWT" } }],
  ["a start in the future", { claims: { nbf: Math.floor(Date.now() / 1_000) + 3_600 } }],
  ["an unknown key id", { header: { kid: "gone" } }],
  ["another secret", { secret: new TextEncoder().encode("x".repeat(32)) }],
  ["another algorithm", { header: { alg: "HS512" }, secret: new TextEncoder().encode(NEW.secret.repeat(2)) }],
  ["no session", { claims: { sid: undefined } }],
  ["a session that is no string", { claims: { sid: 7 } }],
  ["no end", { claims: { exp: undefined } }],
])("a token with %s is refused", async (_, change) => {
  expect(tokens.verify(await forge(change))).toBeUndefined();
});

test("a token without a key id is refused", async () => {
  const token = await new SignJWT({ sid: "s1" })
    .setProtectedHeader({ alg: "HS256", typ: "at+jwt" })
    .setIssuer("suda")
    .setAudience("suda-gateway")
    .setSubject("u1")
    .setIssuedAt()
    .setExpirationTime("1m")
    .sign(secret);
  expect(tokens.verify(token)).toBeUndefined();
});

test("an unsigned token (alg none) is refused", async () => {
  const [, payload] = (await forge({})).split(".");
  const header = Buffer.from(JSON.stringify({ alg: "none", typ: "at+jwt", kid: "new" })).toString(
    "base64url",
  );
  expect(tokens.verify(`${header}.${payload}.`)).toBeUndefined();
});

test.each(["", "x", "a.b.c", "é.é.é", "....", `${"a".repeat(4_000)}.b.c`])("%j is no token", async (text) => {
  expect(tokens.verify(text)).toBeUndefined();
});

test("a token ends, a few seconds of leeway aside", async () => {
  const { token, expiresAt } = tokens.sign(ANA, 1_000);
  vi.useFakeTimers({ now: expiresAt + 3_000, toFake: ["Date"] });
  try {
    expect(tokens.verify(token)).toBeDefined();
    vi.setSystemTime(expiresAt + 7_000);
    expect(tokens.verify(token)).toBeUndefined();
  } finally {
    vi.useRealTimers();
  }
});

test("no key or one key id twice is a mistake of the settings", () => {
  expect(() => createTokens([], MINUTE_MS)).toThrow("SUDA_JWT_KEYS");
  expect(() => createTokens([NEW, NEW], MINUTE_MS)).toThrow("twice");
});

test("a token without its signature, or with another's, is refused", async () => {
  const [one, other] = [tokens.sign(ANA).token, tokens.sign({ ...ANA, userId: "u2" }).token];
  const [header, payload] = one.split(".");
  expect(tokens.verify(`${header}.${payload}.`)).toBeUndefined();
  expect(tokens.verify(`${header}.${payload}.${other.split(".")[2]}`)).toBeUndefined();
});

test("a token that says where its key is to be had is refused, and nobody asks there", async () => {
  const asked = vi.spyOn(globalThis, "fetch").mockRejectedValue(new Error("nobody is there"));
  const elsewhere = { kid: "theirs", jku: "https://evil.example/keys", x5u: "https://evil.example/key" };
  expect(tokens.verify(await forge({ header: elsewhere }))).toBeUndefined();
  expect(asked).not.toHaveBeenCalled();
  asked.mockRestore();
});
