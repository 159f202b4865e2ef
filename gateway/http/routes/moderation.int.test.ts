import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createUserQueries } from "../../accounts/user-queries.ts";
import { call, signUp, type Visitor } from "../testing/client.ts";
import { createStaff } from "../testing/staff.ts";
import { type Api, startApi } from "../testing/start-api.ts";

let api: Api;
const { signUpAs, act, newsOf } = createStaff(() => api);
let moderator: Visitor;
let admin: Visitor;
beforeAll(async () => {
  api = await startApi();
  moderator = await signUpAs("moderator");
  admin = await signUpAs("admin");
});
afterAll(() => api.close());

const auditOf = async (
  userId: string,
): Promise<{ act: string; by: { id: string } | null; detail: object }[]> =>
  (await act(moderator, "GET /api/audit?limit=200")).body.acts.filter(
    (each: { user: { id: string } | null }) => each.user?.id === userId,
  );
const inAnHour = (): number => Date.now() + 3_600_000;

describe("a mute", () => {
  test("is kept, shown by Redis, told to every gateway and recorded", async () => {
    const { user } = await signUp(api);
    await api.know(user.id, user.nickname);
    const untilMs = inAnHour();
    const { status } = await act(moderator, `PUT /api/users/${user.id}/mute`, {
      untilMs,
      reason: " too  loud\n",
    });
    expect(status).toBe(204);
    expect(await api.userState(user.id)).toMatchObject({ reason: "too loud", until: String(untilMs) });
    expect(newsOf("restricted", user.id)).toEqual([
      [
        ...["restricted", user.id, "too loud", untilMs],
        { version: 2, by: moderator.user.id, nickname: user.nickname },
      ],
    ]);
    const [row] = await api.sql`
      select restricted_reason as reason, restricted_until as until from users where id = ${user.id}`;
    expect([row?.reason, row?.until.getTime()]).toEqual(["too loud", untilMs]);
    expect(await auditOf(user.id)).toMatchObject([
      { act: "mute", by: { id: moderator.user.id }, detail: { until: untilMs, reason: "too loud" } },
    ]);
  });

  test("may last to the end of the year 9999", async () => {
    const { user } = await signUp(api);
    const body = { untilMs: Date.UTC(10_000, 0, 1) - 1, reason: "x" };
    expect((await act(moderator, `PUT /api/users/${user.id}/mute`, body)).status).toBe(204);
    expect((await act(admin, `PUT /api/users/${user.id}/ban`, body)).status).toBe(204);
  });

  test("is lifted, also when nobody had muted", async () => {
    const { user } = await signUp(api);
    await act(moderator, `PUT /api/users/${user.id}/mute`, { untilMs: inAnHour(), reason: "x" });
    expect((await act(moderator, `DELETE /api/users/${user.id}/mute`)).status).toBe(204);
    expect((await act(moderator, `DELETE /api/users/${user.id}/mute`)).status).toBe(204);
    expect(newsOf("restricted", user.id).at(-1)).toEqual([
      "restricted",
      user.id,
      "",
      undefined,
      { version: 4, by: moderator.user.id, nickname: user.nickname },
    ]);
    const [row] = await api.sql`select restricted_until as until from users where id = ${user.id}`;
    expect(row?.until).toBeNull();
  });

  test.each([
    [{ untilMs: 1, reason: "x" }, { untilMs: "not_allowed" }],
    [{ reason: "x" }, { untilMs: "missing" }],
    [{ untilMs: "soon", reason: "x" }, { untilMs: "wrong_type" }],
    [{ untilMs: Date.UTC(10_000, 0, 1), reason: "x" }, { untilMs: "bad_format" }],
    [{ untilMs: 4_000_000_000_000, reason: "x".repeat(201) }, { reason: "too_long" }],
  ])("of %j is refused", async (body, fields) => {
    const { user } = await signUp(api);
    const reply = await act(moderator, `PUT /api/users/${user.id}/mute`, body);
    expect([reply.status, reply.body.fields]).toEqual([400, fields]);
    expect(newsOf("restricted", user.id)).toEqual([]);
  });
});

describe("a ban", () => {
  test("ends every session, and log-in and refresh say so", async () => {
    const ana = await signUp(api);
    const { id } = ana.user;
    const until = inAnHour();
    const { status } = await act(admin, `PUT /api/users/${id}/ban`, { untilMs: until, reason: "spam" });
    expect(status).toBe(204);
    const session = api.tokens.verify(ana.accessToken)?.sessionId;
    expect(api.ended).toContain(session);
    const { email, password } = ana;
    const login = await call(api, "POST /api/login", { body: { email, password } });
    const refusal = { status: 403, code: "banned", reason: "spam", until };
    expect(login.body).toMatchObject(refusal);
    expect((await call(api, "POST /api/refresh", { cookie: ana.cookie })).body).toMatchObject(refusal);
    expect((await call(api, "GET /api/me", { bearer: ana.accessToken })).status).toBe(401);
    expect(await auditOf(id)).toMatchObject([{ act: "ban", by: { id: admin.user.id } }]);
  });

  test("is told before the sessions end, so that sockets learn why", async () => {
    const { user } = await signUp(api);
    const ended = api.ended.length;
    let endedBefore = -1;
    const watch = api.notified.push.bind(api.notified);
    api.notified.push = (...news) => {
      endedBefore = api.ended.length;
      return watch(...news);
    };
    await act(admin, `PUT /api/users/${user.id}/ban`, {});
    api.notified.push = watch;
    expect(endedBefore).toBe(ended);
    expect(newsOf("banned", user.id)).toEqual([
      ["banned", user.id, Number.POSITIVE_INFINITY, { reason: "", version: 2 }],
    ]);
  });

  test("ends the sessions also when the news of it could not be told yet", async () => {
    const ana = await signUp(api);
    api.environment.telling = "fails";
    const { status } = await act(admin, `PUT /api/users/${ana.user.id}/ban`, {});
    api.environment.telling = "works";
    expect(status).toBe(503);
    expect(api.ended).toContain(api.tokens.verify(ana.accessToken)?.sessionId);
  });

  test("for good says so, and knows no reason when none was given", async () => {
    const { user, email, password } = await signUp(api);
    await act(admin, `PUT /api/users/${user.id}/ban`, {});
    const { body } = await call(api, "POST /api/login", { body: { email, password } });
    expect(body).toMatchObject({ code: "banned", reason: "", until: null });
    const wrong = await call(api, "POST /api/login", { body: { email, password: "a guess of mine" } });
    expect(wrong.body).not.toHaveProperty("until");
  });

  test("is over at its end", async () => {
    const { user, email, password } = await signUp(api);
    const untilMs = Date.now() + 400;
    await act(admin, `PUT /api/users/${user.id}/ban`, { untilMs });
    const logIn = () => call(api, "POST /api/login", { body: { email, password } });
    expect((await logIn()).status).toBe(403);
    await vi.waitFor(async () => expect((await logIn()).status).toBe(200), 5_000);
    expect(Date.now()).toBeGreaterThanOrEqual(untilMs);
  });

  test("is lifted: the right password lets its owner in again", async () => {
    const { user, email, password } = await signUp(api);
    await act(admin, `PUT /api/users/${user.id}/ban`, { untilMs: null });
    expect((await act(admin, `DELETE /api/users/${user.id}/ban`)).status).toBe(204);
    expect(newsOf("banned", user.id).at(-1)).toEqual(["banned", user.id, 0, { reason: "", version: 3 }]);
    expect((await call(api, "POST /api/login", { body: { email, password } })).status).toBe(200);
  });
});

describe("a role", () => {
  test("is given, holds at once and is told", async () => {
    const ana = await signUp(api);
    await api.know(ana.user.id, ana.user.nickname);
    expect((await act(ana, "GET /api/reports")).status).toBe(403);
    const { status } = await act(admin, `PUT /api/users/${ana.user.id}/role`, { role: "moderator" });
    expect(status).toBe(204);
    expect((await act(ana, "GET /api/reports")).status).toBe(200);
    expect((await api.userState(ana.user.id)).role).toBe("moderator");
    const { id, nickname } = ana.user;
    expect(newsOf("changed", id)).toEqual([["changed", { id, nickname, role: "moderator" }, { version: 2 }]]);
    expect(await auditOf(id)).toMatchObject([{ act: "role", detail: { role: "moderator", before: "user" } }]);
  });

  test("nobody knows is refused", async () => {
    const { user } = await signUp(api);
    const { body } = await act(admin, `PUT /api/users/${user.id}/role`, { role: "king" });
    expect([body.code, Object.keys(body.fields)]).toEqual(["invalid", ["role"]]);
  });
});

describe("permissions", () => {
  const MUTE = { untilMs: 4_000_000_000_000, reason: "x" };
  const lines = (id: string): [string, unknown][] => [
    [`PUT /api/users/${id}/mute`, MUTE],
    [`DELETE /api/users/${id}/mute`, undefined],
    [`PUT /api/users/${id}/ban`, {}],
    [`DELETE /api/users/${id}/ban`, undefined],
    [`PUT /api/users/${id}/role`, { role: "admin" }],
    ["PATCH /api/rooms/lobby", { slowModeMs: 1_000 }],
    ["GET /api/reports", undefined],
    ["DELETE /api/reports/1", undefined],
    ["GET /api/audit", undefined],
  ];

  test("not a user, and not a guest", async () => {
    const [ana, ben] = [await signUp(api), await signUp(api)];
    for (const [line, body] of lines(ben.user.id)) {
      expect([line, (await act(ana, line, body)).body.code]).toEqual([line, "forbidden"]);
      const guest = await call(api, line, body === undefined ? {} : { body });
      expect([line, guest.status]).toEqual([line, 401]);
    }
    expect(newsOf("restricted", ben.user.id)).toEqual([]);
  });

  test("a moderator neither bans nor gives roles", async () => {
    const { user } = await signUp(api);
    for (const line of [`PUT /api/users/${user.id}/ban`, `DELETE /api/users/${user.id}/ban`])
      expect((await act(moderator, line, {})).status).toBe(403);
    expect((await act(moderator, `PUT /api/users/${user.id}/role`, { role: "admin" })).status).toBe(403);
  });

  test("a moderator acts on users only, an admin on moderators too, nobody on themselves", async () => {
    const other = await signUpAs("moderator");
    for (const target of [other, admin, moderator])
      expect((await act(moderator, `PUT /api/users/${target.user.id}/mute`, MUTE)).status).toBe(403);
    expect((await act(admin, `PUT /api/users/${other.user.id}/mute`, MUTE)).status).toBe(204);
    expect((await act(admin, `PUT /api/users/${admin.user.id}/role`, { role: "user" })).status).toBe(403);
  });

  test("not a former moderator, even if the token says so", async () => {
    const [former, ana] = [await signUpAs("moderator"), await signUp(api)];
    await act(admin, `PUT /api/users/${former.user.id}/role`, { role: "user" });
    expect((await act(former, `PUT /api/users/${ana.user.id}/mute`, MUTE)).status).toBe(403);
  });

  test.each(["nobody", "%7B%7D", randomUUID()])("nobody acts on %s, who does not exist", async (id) => {
    for (const [line, body] of lines(id).slice(0, 5))
      expect([line, (await act(admin, line, body)).body.code]).toEqual([line, "no_such_user"]);
  });
});

test("a gateway that starts learns who is banned, muted or gone, and until when", async () => {
  const [muted, banned, forGood, lifted, gone] = [
    await signUp(api),
    await signUp(api),
    await signUp(api),
    await signUp(api),
    await signUp(api),
  ];
  const untilMs = inAnHour();
  await act(moderator, `PUT /api/users/${muted.user.id}/mute`, { untilMs, reason: "loud" });
  await act(admin, `PUT /api/users/${banned.user.id}/ban`, { untilMs, reason: "rude" });
  await act(admin, `PUT /api/users/${forGood.user.id}/ban`, {});
  await act(moderator, `PUT /api/users/${lifted.user.id}/mute`, { untilMs, reason: "x" });
  await act(moderator, `DELETE /api/users/${lifted.user.id}/mute`);
  await act(gone, "DELETE /api/me", { password: gone.password });
  const queries = createUserQueries(api.sql);
  const restrictions = await queries.listRestrictions();
  expect(restrictions).toContainEqual({ user: muted.user.id, reason: "loud", until: untilMs, version: 2 });
  expect(restrictions.map(({ user }) => user)).not.toContain(lifted.user.id);
  expect(await queries.listBans()).toEqual(
    expect.arrayContaining([
      { user: banned.user.id, reason: "rude", until: untilMs, version: 2 },
      { user: forGood.user.id, reason: "", until: null, version: 2 },
    ]),
  );
  expect(await queries.listClosed()).toEqual([gone.user.id]);
});

test("the current state of a user is shown to moderators, and to nobody else", async () => {
  const { user } = await signUp(api);
  const asked = `GET /api/users/${user.id}`;
  const { id, nickname } = user;
  expect((await act(moderator, asked)).body).toEqual({
    ...{ user: { id, nickname, role: "user" }, muted: null, ban: null },
  });
  await act(admin, `PUT /api/users/${id}/role`, { role: "moderator" });
  const untilMs = inAnHour();
  await act(admin, `PUT /api/users/${id}/mute`, { untilMs, reason: "loud" });
  await act(admin, `PUT /api/users/${id}/ban`, { reason: "rude" });
  expect((await act(admin, asked)).body).toEqual({
    user: { id, nickname, role: "moderator" },
    muted: { until: untilMs, reason: "loud" },
    ban: { until: null, reason: "rude" },
  });
  expect((await act(await signUp(api), asked)).body.code).toBe("forbidden");
  expect((await call(api, asked)).status).toBe(401);
  for (const nobody of [randomUUID(), "no-uuid"])
    expect((await act(moderator, `GET /api/users/${nobody}`)).body.code).toBe("no_such_user");
});
