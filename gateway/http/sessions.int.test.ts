import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, signUp, type Visitor } from "./testing/client.ts";
import { type Api, startApi } from "./testing/start-api.ts";

let api: Api;
beforeAll(async () => {
  api = await startApi({ origins: ["https://chat.example"] });
});
afterAll(() => api.close());

const refresh = (cookie: string) => call(api, "POST /api/refresh", { cookie });

async function sessionOf({ accessToken }: Pick<Visitor, "accessToken">): Promise<string> {
  return api.tokens.verify(accessToken)?.sessionId ?? "";
}

describe("refreshing", () => {
  test("gives a new access token of the same session and another cookie", async () => {
    const visitor = await signUp(api);
    const { status, body, cookie } = await refresh(visitor.cookie);
    expect(status).toBe(200);
    expect(body.user).toEqual(visitor.user);
    expect(cookie).toMatch(/^suda_refresh_[0-9a-f]{12}=[\w-]{43}$/);
    expect(cookie).not.toBe(visitor.cookie);
    expect(await sessionOf(body)).toBe(await sessionOf(visitor));
    expect((await refresh(cookie)).status).toBe(200);
  });

  test("prolongs the session", async () => {
    const visitor = await signUp(api);
    const id = await sessionOf(visitor);
    await api.sql`update sessions set expires_at = now() + interval '1 s' where id = ${id}`;
    await refresh(visitor.cookie);
    const [row] =
      await api.sql`select expires_at > now() + interval '50 s' as prolonged from sessions where id = ${id}`;
    expect(row?.prolonged).toBe(true);
  });

  test("two tabs at the same moment both survive", async () => {
    const visitor = await signUp(api);
    const replies = await Promise.all(Array.from({ length: 6 }, () => refresh(visitor.cookie)));
    expect(replies.map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect(new Set(replies.map(({ cookie }) => cookie)).size).toBe(1);
    const later = await Promise.all(replies.map(({ cookie }) => refresh(cookie)));
    expect(later.map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect(api.ended).not.toContain(await sessionOf(visitor));
  });

  test("a replaced token that comes back ends the session everywhere", async () => {
    const visitor = await signUp(api);
    const id = await sessionOf(visitor);
    const { cookie: successor } = await refresh(visitor.cookie);
    const { cookie: current } = await refresh(successor);
    const stolen = await refresh(visitor.cookie);
    expect([stolen.status, stolen.body.code, stolen.cookie]).toEqual([401, "session_expired", ""]);
    expect(api.ended).toContain(id);
    expect((await refresh(current)).status).toBe(401);
  });

  test("a session that ended is told to the other gateways once, however often its tokens come back", async () => {
    const visitor = await signUp(api);
    const id = await sessionOf(visitor);
    await refresh((await refresh(visitor.cookie)).cookie);
    for (let n = 0; n < 3; n++) await refresh(visitor.cookie);
    await call(api, "POST /api/logout", { cookie: visitor.cookie });
    expect(api.ended.filter((ended) => ended === id)).toEqual([id]);
  });

  test.each([
    "",
    "suda_refresh=",
    "suda_refresh=x",
    `suda_refresh=${"a".repeat(43)}`,
    "suda_refresh=%00; =;;",
  ])("a cookie of %j is no session", async (cookie) => {
    const { status, body } = await refresh(cookie);
    expect([status, body.code]).toEqual([401, "session_expired"]);
  });

  test("a session that has run out is over", async () => {
    const visitor = await signUp(api);
    await api.sql`update sessions set expires_at = now() where id = ${await sessionOf(visitor)}`;
    expect((await refresh(visitor.cookie)).body.code).toBe("session_expired");
  });

  test("a banned user is told so, and keeps the cookie for later", async () => {
    const { user, cookie } = await signUp(api);
    await api.sql`update users set banned_until = now() + interval '1 day' where id = ${user.id}`;
    expect((await refresh(cookie)).body.code).toBe("banned");
    await api.sql`update users set banned_until = null where id = ${user.id}`;
    expect((await refresh(cookie)).status).toBe(200);
  });
});

describe("logging out", () => {
  test.each(["cookie", "bearer", "cookie and bearer"])("works with %s", async (how) => {
    const visitor = await signUp(api);
    const id = await sessionOf(visitor);
    const reply = await call(api, "POST /api/logout", {
      ...(how === "bearer" ? {} : { cookie: visitor.cookie }),
      ...(how === "cookie" ? {} : { bearer: visitor.accessToken }),
    });
    expect([reply.status, reply.body]).toEqual([204, null]);
    expect(reply.headers.get("set-cookie")).toContain("Max-Age=0");
    expect(api.ended).toContain(id);
    expect((await refresh(visitor.cookie)).status).toBe(401);
    const me = await call(api, "GET /api/me", { bearer: visitor.accessToken });
    expect([me.status, me.body.code]).toEqual([401, "session_expired"]);
  });

  test("leaves other sessions alone", async () => {
    const { email, password, accessToken } = await signUp(api);
    const other = await call(api, "POST /api/login", { body: { email, password } });
    await call(api, "POST /api/logout", { bearer: accessToken });
    expect((await refresh(other.cookie)).status).toBe(200);
  });

  test("works by the cookie when the access token has ended", async () => {
    const visitor = await signUp(api);
    const reply = await call(api, "POST /api/logout", { cookie: visitor.cookie, bearer: "ended.long.ago" });
    expect(reply.status).toBe(204);
    expect(api.ended).toContain(await sessionOf(visitor));
  });

  test("once more by the cookie does no harm", async () => {
    const { cookie } = await signUp(api);
    await call(api, "POST /api/logout", { cookie });
    expect((await call(api, "POST /api/logout", { cookie })).status).toBe(204);
  });
});

describe("pages of other origins", () => {
  const post = (path: string, origin: string, cookie = "") =>
    call(api, `POST ${path}`, { cookie, headers: { origin } });

  test.each(["https://evil.example", "null", "http://127.0.0.1", "http://127.0.0.1.evil.example", "file://"])(
    "%s may neither refresh nor log out",
    async (origin) => {
      const { cookie } = await signUp(api);
      expect((await post("/api/refresh", origin, cookie)).body.code).toBe("forbidden");
      expect((await post("/api/logout", origin, cookie)).status).toBe(403);
      expect((await refresh(cookie)).status).toBe(200);
    },
  );

  test("the own origin may", async () => {
    const { cookie } = await signUp(api);
    expect((await post("/api/refresh", api.url, cookie)).status).toBe(200);
  });

  test("one on the list may, and is told so", async () => {
    const { cookie } = await signUp(api);
    const { status, headers } = await post("/api/refresh", "https://chat.example", cookie);
    expect(status).toBe(200);
    expect(headers.get("access-control-allow-origin")).toBe("https://chat.example");
    expect(headers.get("access-control-allow-credentials")).toBe("true");
  });

  test("a preflight answers the listed origin and gives another no leave", async () => {
    const ask = (origin: string) => call(api, "OPTIONS /api/login", { headers: { origin } });
    const listed = await ask("https://chat.example");
    expect(listed.status).toBe(204);
    expect(listed.headers.get("access-control-allow-headers")).toContain("Content-Type");
    expect(listed.headers.get("access-control-allow-origin")).toBe("https://chat.example");
    expect((await ask("https://evil.example")).headers.get("access-control-allow-origin")).toBeNull();
  });
});
