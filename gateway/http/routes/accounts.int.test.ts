import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTokens } from "../../../shared/server/identity/access-tokens.ts";
import { call, newPerson, signUp } from "../testing/client.ts";
import { type Api, startApi } from "../testing/start-api.ts";

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe("signing up", () => {
  test("answers with the user, an access token and the refresh cookie", async () => {
    const person = newPerson();
    const { status, body, headers } = await call(api, "POST /api/signup", { body: person });
    expect(status).toBe(201);
    const { email, nickname } = person;
    expect(body.user).toEqual({ id: expect.any(String), email, nickname, role: "user" });
    expect(api.tokens.verify(body.accessToken)).toMatchObject({
      userId: body.user.id,
      expiresAt: body.expiresAt,
    });
    expect(headers.get("set-cookie")).toMatch(
      /^suda_refresh_[0-9a-f]{12}=[\w-]{43}; Max-Age=60; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect(headers.get("cache-control")).toBe("no-store");
  });

  test("keeps neither password nor refresh token", async () => {
    const { user, cookie, password } = await signUp(api);
    const [row] = await api.sql`select * from users where id = ${user.id}`;
    const tokens = await api.sql`select * from refresh_tokens`;
    const token = cookie.split("=")[1] ?? "";
    expect(token).toHaveLength(43);
    expect(row?.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(JSON.stringify([row, tokens])).not.toContain(password);
    const kept = tokens.map(({ hash }) => [hash.toString("latin1"), hash.toString("base64url")]);
    expect(JSON.stringify(kept)).not.toContain(token);
  });

  test("refuses an address that is taken in another spelling", async () => {
    const { email } = await signUp(api);
    const { status, body } = await call(api, "POST /api/signup", {
      body: { ...newPerson(), email: ` ${email.toUpperCase()} ` },
    });
    expect([status, body.code]).toEqual([409, "email_taken"]);
  });

  test("refuses a nickname that reads like one that is taken, and makes no account", async () => {
    const { user } = await signUp(api);
    const person = { ...newPerson(), nickname: user.nickname.replace("person", "ＰＥＲＳＯＮ ") };
    const { status, body } = await call(api, "POST /api/signup", { body: person });
    expect([status, body.code]).toEqual([409, "nickname_taken"]);
    expect(await api.sql`select id from users where email_key = ${person.email}`).toHaveLength(0);
  });

  test("of ten at once with one address exactly one succeeds", async () => {
    const { email } = newPerson();
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => call(api, "POST /api/signup", { body: { ...newPerson(), email } })),
    );
    const codes = replies.map(({ status, body }) => body.code ?? status).sort();
    expect(codes).toEqual([201, ...Array(9).fill("email_taken")]);
  });

  test("names every field that is wrong", async () => {
    const { status, body, headers } = await call(api, "POST /api/signup", {
      body: { email: "nowhere", password: "short", nickname: "x" },
    });
    expect(status).toBe(400);
    expect(headers.get("content-type")).toBe("application/problem+json");
    expect(body).toEqual({
      status: 400,
      code: "invalid",
      title: expect.any(String),
      fields: { email: "bad_format", password: "too_short", nickname: "too_short" },
    });
  });
});

describe("logging in", () => {
  test("begins a session of its own, recorded with address and user agent", async () => {
    const { email, password, accessToken } = await signUp(api);
    const { status, body } = await call(api, "POST /api/login", {
      body: { email: email.toUpperCase(), password },
      headers: { "user-agent": "Suda\ttest", "x-real-ip": "203.0.113.9" },
    });
    expect(status).toBe(200);
    const first = api.tokens.verify(accessToken);
    const second = api.tokens.verify(body.accessToken);
    expect(second?.userId).toBe(first?.userId);
    expect(second?.sessionId).not.toBe(first?.sessionId);
    const [session] = await api.sql`
      select host(ip) as ip, user_agent as agent from sessions where id = ${second?.sessionId ?? ""}`;
    expect(session).toEqual({ ip: "203.0.113.9", agent: "Sudatest" });
  });

  test.each(["not an address", "::1%eth0; drop table users", ""])(
    "an x-real-ip of %j is replaced by the socket's address",
    async (ip) => {
      const { email, password } = await signUp(api);
      const headers = { "x-real-ip": ip };
      const { body } = await call(api, "POST /api/login", { body: { email, password }, headers });
      const id = api.tokens.verify(body.accessToken)?.sessionId ?? "";
      const [session] = await api.sql`select host(ip) as ip from sessions where id = ${id}`;
      expect(["127.0.0.1", "::1"]).toContain(session?.ip);
    },
  );

  test("answers alike for a wrong password and for somebody who does not exist", async () => {
    const { email } = await signUp(api);
    const wrong = await call(api, "POST /api/login", { body: { email, password: "wrong password" } });
    const unknown = await call(api, "POST /api/login", {
      body: { email: "nobody@example.com", password: "wrong password" },
    });
    expect([wrong.status, wrong.body.code]).toEqual([401, "bad_credentials"]);
    expect(unknown.body).toEqual(wrong.body);
    expect([...unknown.headers.keys()]).toEqual([...wrong.headers.keys()]);
  });

  test("an account without a password lets nobody in", async () => {
    const { email, user } = await signUp(api);
    await api.sql`update users set password_hash = null where id = ${user.id}`;
    const { status } = await call(api, "POST /api/login", { body: { email, password: "correct horse" } });
    expect(status).toBe(401);
  });

  test("reveals a ban only to somebody who knows the password", async () => {
    const { email, password, user } = await signUp(api);
    await api.sql`update users set banned_until = 'infinity' where id = ${user.id}`;
    const right = await call(api, "POST /api/login", { body: { email, password } });
    const wrong = await call(api, "POST /api/login", { body: { email, password: "wrong password" } });
    expect([right.status, right.body.code]).toEqual([403, "banned"]);
    expect(wrong.status).toBe(401);
  });

  test("a letter composed in another way is the same password", async () => {
    const person = { ...newPerson(), password: "한국어 비밀번호 é".normalize("NFC") };
    await call(api, "POST /api/signup", { body: person });
    const { status } = await call(api, "POST /api/login", {
      body: { email: person.email, password: person.password.normalize("NFD") },
    });
    expect(status).toBe(200);
  });
});

describe("the own account", () => {
  test("is told to the bearer of an access token", async () => {
    const { user, accessToken } = await signUp(api);
    const { status, body } = await call(api, "GET /api/me", { bearer: accessToken });
    expect([status, body]).toEqual([200, { user }]);
  });

  test.each([undefined, "x.y.z", ""])("is refused to the bearer of %j", async (bearer) => {
    const { status, body } = await call(api, "GET /api/me", bearer === undefined ? {} : { bearer });
    expect([status, body.code]).toEqual([401, "unauthenticated"]);
  });

  test("is refused to the bearer of a token that another key signed", async () => {
    const { user, accessToken } = await signUp(api);
    const sessionId = api.tokens.verify(accessToken)?.sessionId ?? "";
    const others = createTokens([{ kid: "test", secret: "o".repeat(32) }], 60_000);
    const { token } = others.sign({ userId: user.id, sessionId });
    const { status, body } = await call(api, "GET /api/me", { bearer: token });
    expect([status, body.code]).toEqual([401, "unauthenticated"]);
  });

  test("is refused to a user who was banned after the token was signed", async () => {
    const { user, accessToken } = await signUp(api);
    await api.sql`update users set banned_until = now() + interval '1 day' where id = ${user.id}`;
    expect((await call(api, "GET /api/me", { bearer: accessToken })).status).toBe(401);
  });
});
