import { randomUUID } from "node:crypto";
import { hash } from "@node-rs/argon2";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { call, newPerson, signUp, type Visitor } from "../testing/client.ts";
import { type Api, startApi } from "../testing/start-api.ts";

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const NEXT = "another long one";
const sessionOf = async ({ accessToken }: Pick<Visitor, "accessToken">): Promise<string> =>
  api.tokens.verify(accessToken)?.sessionId ?? "";
const logIn = (email: string, password: string, headers = {}) =>
  call(api, "POST /api/login", { body: { email, password }, headers });
const notifiedOf = (kind: string, id: string): unknown[][] =>
  api.notified.filter((news) => news[0] === kind && JSON.stringify(news).includes(id));

describe("another nickname", () => {
  const rename = ({ accessToken }: Visitor, nickname: unknown) =>
    call(api, "PATCH /api/me", { bearer: accessToken, body: { nickname } });

  test("is answered, kept, shown by Redis and told to every gateway with the one before", async () => {
    const ana = await signUp(api);
    await api.know(ana.user.id, ana.user.nickname);
    const { status, body } = await rename(ana, "  Ana   Lee ");
    expect([status, body]).toEqual([200, { user: { ...ana.user, nickname: "Ana Lee" } }]);
    expect((await call(api, "GET /api/me", { bearer: ana.accessToken })).body.user.nickname).toBe("Ana Lee");
    expect((await api.userState(ana.user.id)).nickname).toBe("Ana Lee");
    const { id, role } = ana.user;
    expect(notifiedOf("changed", id)).toEqual([
      ["changed", { id, role, nickname: "Ana Lee" }, { version: 2, before: ana.user.nickname }],
    ]);
  });

  test("that is the same is no news", async () => {
    const ana = await signUp(api);
    expect((await rename(ana, ana.user.nickname)).status).toBe(200);
    expect(notifiedOf("changed", ana.user.id)).toEqual([]);
  });

  test.each([
    ["reads like", "Maria K", "ｍａｒｉａ k"],
    ["looks like (Cyrillic)", "copy ape", "сору аре"],
    ["looks like (a capital I for an l)", "paul hill", "pauI hiIl"],
    ["looks like (digits)", "looping", "l00ping"],
    ["looks like (rn for m)", "modern times", "rnodern tirnes"],
  ])("that %s somebody else's is taken", async (_, first, second) => {
    const [ana, ben] = [await signUp(api), await signUp(api)];
    expect((await rename(ana, first)).status).toBe(200);
    const { status, body } = await rename(ben, second);
    expect([status, body.code]).toEqual([409, "nickname_taken"]);
  });

  test("frees the old one", async () => {
    const [ana, ben] = [await signUp(api), await signUp(api)];
    await rename(ana, "somebody new");
    expect((await rename(ben, ana.user.nickname)).status).toBe(200);
  });

  test.each([
    ["", "too_short"],
    ["x".repeat(21), "too_long"],
    ["an\u200ba", "not_allowed"],
    ["an\u202ea", "not_allowed"],
    ["closed account", "not_allowed"],
    ["Closed Account", "not_allowed"],
    [7, "wrong_type"],
  ])("of %j is refused as %s", async (nickname, code) => {
    const { status, body } = await rename(await signUp(api), nickname);
    expect([status, body.code, body.fields]).toEqual([400, "invalid", { nickname: code }]);
  });

  test("is for those who are logged in", async () => {
    expect((await call(api, "PATCH /api/me", { body: { nickname: "guest" } })).status).toBe(401);
  });

  test("of two at once that look alike one is taken", async () => {
    const people = await Promise.all([signUp(api), signUp(api), signUp(api)]);
    const replies = await Promise.all(people.map((person) => rename(person, "only one of us")));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  });
});

describe("another password", () => {
  const change = ({ accessToken }: Pick<Visitor, "accessToken">, current: string, next: string) =>
    call(api, "POST /api/me/password", { bearer: accessToken, body: { current, next } });

  test("counts from now on, the old one no longer", async () => {
    const ana = await signUp(api);
    expect((await change(ana, ana.password, NEXT)).status).toBe(204);
    expect((await logIn(ana.email, ana.password)).status).toBe(401);
    expect((await logIn(ana.email, NEXT)).status).toBe(200);
  });

  test("ends every other session, and keeps this one", async () => {
    const ana = await signUp(api);
    const other = await logIn(ana.email, ana.password);
    await change(ana, ana.password, NEXT);
    expect(api.ended).toContain(await sessionOf(other.body));
    expect(api.ended).not.toContain(await sessionOf(ana));
    expect((await call(api, "POST /api/refresh", { cookie: other.cookie })).body.code).toBe(
      "session_expired",
    );
    expect((await call(api, "POST /api/refresh", { cookie: ana.cookie })).status).toBe(200);
    expect((await call(api, "GET /api/me", { bearer: other.body.accessToken })).status).toBe(401);
  });

  test("needs the current one", async () => {
    const ana = await signUp(api);
    const { status, body } = await change(ana, "not my password", NEXT);
    expect([status, body.code]).toEqual([401, "bad_credentials"]);
    expect((await logIn(ana.email, ana.password)).status).toBe(200);
  });

  test.each([
    ["short", "too_short"],
    ["a".repeat(129), "too_long"],
    ["password1", "too_common"],
    ["PASSWORD1", "too_common"],
    ["iloveyou1", "too_common"],
  ])("of %j is refused as %s", async (next, code) => {
    const ana = await signUp(api);
    const { status, body } = await change(ana, ana.password, next);
    expect([status, body.fields]).toEqual([400, { next: code }]);
  });

  test("that is one's own address or nickname is refused", async () => {
    const ana = await signUp(api);
    for (const next of [ana.email.toUpperCase(), ana.user.nickname])
      expect((await change(ana, ana.password, next)).body.fields).toEqual({ next: "too_common" });
  });

  test("of two changes at once one succeeds", async () => {
    const ana = await signUp(api);
    const replies = await Promise.all(
      ["the first one", "the other one"].map((next) => change(ana, ana.password, next)),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([204, 401]);
  });

  test("is not for an account that has none", async () => {
    const ana = await signUp(api);
    await api.sql`update users set password_hash = null where id = ${ana.user.id}`;
    expect((await change(ana, ana.password, NEXT)).body.code).toBe("bad_credentials");
  });
});

describe("one's sessions", () => {
  const CHROME = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36";
  const list = async (accessToken: string) =>
    (await call(api, "GET /api/me/sessions", { bearer: accessToken })).body.sessions;

  test("are listed with a device's name, the current one marked, the last used first", async () => {
    const ana = await signUp(api);
    const { body } = await logIn(ana.email, ana.password, { "user-agent": CHROME, "x-real-ip": "192.0.2.7" });
    const sessions = await list(body.accessToken);
    expect(sessions).toHaveLength(2);
    expect(sessions[0]).toEqual({
      id: await sessionOf(body),
      current: true,
      ip: "192.0.2.7",
      userAgent: CHROME,
      device: "Chrome on Android",
      createdAt: expect.any(Number),
      lastSeenAt: expect.any(Number),
    });
    expect(Math.abs(sessions[0].lastSeenAt - Date.now())).toBeLessThan(60_000);
    expect(sessions[1]).toMatchObject({ id: await sessionOf(ana), current: false });
  });

  test("that ended or ran out are not listed", async () => {
    const ana = await signUp(api);
    for (const change of [api.sql`ended_at = now()`, api.sql`expires_at = now()`]) {
      const { body } = await logIn(ana.email, ana.password);
      await api.sql`update sessions set ${change} where id = ${await sessionOf(body)}`;
    }
    expect(await list(ana.accessToken)).toHaveLength(1);
  });

  test("can be ended one by one, and all others together", async () => {
    const ana = await signUp(api);
    const others = [];
    for (let n = 0; n < 3; n++) others.push(await sessionOf((await logIn(ana.email, ana.password)).body));
    const one = await call(api, `DELETE /api/me/sessions/${others[0]}`, { bearer: ana.accessToken });
    expect([one.status, api.ended.includes(others[0] ?? "")]).toEqual([204, true]);
    expect(await list(ana.accessToken)).toHaveLength(3);
    expect((await call(api, "DELETE /api/me/sessions", { bearer: ana.accessToken })).status).toBe(204);
    expect(others.every((id) => api.ended.includes(id))).toBe(true);
    expect(await list(ana.accessToken)).toMatchObject([{ current: true }]);
  });

  test("of others are none of one's business, nor are those that never were", async () => {
    const [ana, ben] = [await signUp(api), await signUp(api)];
    for (const id of [await sessionOf(ben), randomUUID(), "x", "%00"]) {
      const { status, body } = await call(api, `DELETE /api/me/sessions/${id}`, { bearer: ana.accessToken });
      expect([status, body.code]).toEqual([404, "not_found"]);
    }
    expect(api.ended).not.toContain(await sessionOf(ben));
  });
});

describe("one's connections", () => {
  test("are listed newest first, with their devices and their ends", async () => {
    const [ana, ben] = [await signUp(api), await signUp(api)];
    const add = (userId: string, minute: number, gone: string | null) => api.sql`
      insert into connections (id, user_id, session_id, connected_at, disconnected_at, ip, user_agent, gateway, boot)
      values (${randomUUID()}, ${userId}, ${randomUUID()}, ${`2026-11-22T10:0${minute}:00Z`}, ${gone},
        '192.0.2.7', 'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0', 'gateway-2', 'b')`;
    await add(ana.user.id, 1, "2026-11-22T10:05:00Z");
    await add(ana.user.id, 2, null);
    await add(ben.user.id, 3, null);
    const ask = (query: string) => call(api, `GET /api/me/connections${query}`, { bearer: ana.accessToken });
    const { body } = await ask("");
    expect(body.connections).toMatchObject([
      {
        connectedAt: Date.UTC(2026, 10, 22, 10, 2),
        disconnectedAt: null,
        device: "Firefox on Linux",
        times: 1,
      },
      { disconnectedAt: Date.UTC(2026, 10, 22, 10, 5), gateway: "gateway-2", ip: "192.0.2.7" },
    ]);
    expect((await ask("?limit=1")).body.connections).toHaveLength(1);
    expect((await ask("?limit=0")).body.code).toBe("invalid");
  });
});

describe("closing the account", () => {
  const close = ({ accessToken }: Visitor, password: string) =>
    call(api, "DELETE /api/me", { bearer: accessToken, body: { password } });

  test("ends every session, takes the cookie away and tells the gateways", async () => {
    const ana = await signUp(api);
    const other = await logIn(ana.email, ana.password);
    const { status, headers } = await close(ana, ana.password);
    expect([status, headers.get("set-cookie")?.includes("Max-Age=0")]).toEqual([204, true]);
    expect(api.ended).toEqual(expect.arrayContaining([await sessionOf(ana), await sessionOf(other.body)]));
    expect(notifiedOf("closed", ana.user.id)).toHaveLength(1);
    expect((await call(api, "POST /api/refresh", { cookie: other.cookie })).status).toBe(401);
    expect((await logIn(ana.email, ana.password)).body.code).toBe("bad_credentials");
  });

  test("frees address and nickname, and leaves nothing that names somebody", async () => {
    const ana = await signUp(api);
    await close(ana, ana.password);
    const [row] = await api.sql`select * from users where id = ${ana.user.id}`;
    const kept = JSON.stringify(row);
    for (const word of [ana.email, ana.user.nickname, "argon2"]) expect(kept).not.toContain(word);
    const again = { ...newPerson(), email: ana.email, nickname: ana.user.nickname };
    expect((await call(api, "POST /api/signup", { body: again })).status).toBe(201);
  });

  test("needs the password", async () => {
    const ana = await signUp(api);
    expect((await close(ana, "not my password")).body.code).toBe("bad_credentials");
    expect((await call(api, "GET /api/me", { bearer: ana.accessToken })).status).toBe(200);
  });
});

test("a hash made with less than today's parameters is replaced at the next log-in", async () => {
  const ana = await signUp(api);
  const weak = await hash(ana.password, { memoryCost: 8_192, timeCost: 1 });
  await api.sql`update users set password_hash = ${weak} where id = ${ana.user.id}`;
  expect((await logIn(ana.email, ana.password)).status).toBe(200);
  const [row] = await api.sql`select password_hash as hash from users where id = ${ana.user.id}`;
  expect(row?.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect((await logIn(ana.email, ana.password)).status).toBe(200);
});

describe("while the control log cannot be written", () => {
  afterEach(() => {
    api.environment.telling = "works";
  });

  test("a closed account is closed, and all of its news is left for later", async () => {
    const ana = await signUp(api);
    api.environment.telling = "fails";
    const body = { password: ana.password };
    expect((await call(api, "DELETE /api/me", { bearer: ana.accessToken, body })).status).toBe(503);
    expect(api.ended).toContain(await sessionOf(ana));
    expect(notifiedOf("closed", ana.user.id)).toHaveLength(1);
    expect((await logIn(ana.email, ana.password)).status).toBe(401);
  });
});
