/** Muted means: nothing that one chooses is shown to others. Every route says what that means for it, and shows it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { call, newPerson, signUp, type Visitor } from "./testing/client.ts";
import { type Api, startApi } from "./testing/start-api.ts";

/** Stands in whatever a muted person could choose. */
const SHOUT = "SHOUTED";
const LATER = { untilMs: 4_000_000_000_000, reason: SHOUT };

type Line = {
  /** `harmless`: others see nothing of what was chosen. Else it is refused while the mute lasts. */
  muted: "refused" | "harmless";
  body?: (who: Visitor) => object;
  cookie?: true;
};
const harmless: Line = { muted: "harmless" };

/** All that a person can ask for, be they an admin. A new route has to take its place here. */
const ROUTES: Record<string, Line> = {
  "POST /api/signup": { muted: "harmless", body: newPerson },
  "POST /api/login": { muted: "harmless", body: ({ email, password }) => ({ email, password }) },
  "POST /api/refresh": { muted: "harmless", cookie: true },
  "POST /api/logout": harmless,
  "GET /api/me": harmless,
  "PATCH /api/me": { muted: "refused", body: () => ({ nickname: SHOUT }) },
  "DELETE /api/me": { muted: "harmless", body: ({ password }) => ({ password }) },
  "POST /api/me/password": {
    muted: "harmless",
    body: ({ password }) => ({ current: password, next: `${SHOUT} in secret` }),
  },
  "GET /api/me/sessions": harmless,
  "DELETE /api/me/sessions": harmless,
  "DELETE /api/me/sessions/:id": harmless,
  "GET /api/me/connections": harmless,
  "GET /api/rooms": harmless,
  "POST /api/rooms": { muted: "refused", body: () => ({ name: "a-new-room", title: SHOUT }) },
  "PATCH /api/rooms/:room": { muted: "refused", body: () => ({ title: SHOUT, slowModeMs: 1_000 }) },
  "GET /api/rooms/:room/messages": harmless,
  "GET /api/rooms/:room/people": harmless,
  // Moderators alone read the reason.
  "POST /api/rooms/:room/messages/:seq/report": { muted: "harmless", body: () => ({ reason: SHOUT }) },
  "PUT /api/users/:id/mute": { muted: "refused", body: () => LATER },
  "DELETE /api/users/:id/mute": { muted: "refused" },
  "PUT /api/users/:id/ban": { muted: "refused", body: () => LATER },
  "DELETE /api/users/:id/ban": { muted: "refused" },
  "PUT /api/users/:id/role": { muted: "refused", body: () => ({ role: "moderator" }) },
  "GET /api/reports": harmless,
  "DELETE /api/reports/:id": harmless,
  "GET /api/audit": harmless,
  "GET /healthz": harmless,
  "GET /readyz": harmless,
};

let api: Api;
let other: Visitor;
beforeAll(async () => {
  api = await startApi();
  other = await signUp(api);
  api.said.push({ type: "message", seq: 1, at: 1, user: other.user, text: "hello" });
});
afterAll(() => api.close());

/** An admin who was muted for so long. */
async function admin(mutedMs: number): Promise<Visitor> {
  const visitor = await signUp(api);
  await api.sql`
    update users set role = 'admin', restricted_reason = 'too loud', restricted_until = ${new Date(Date.now() + mutedMs)}
    where id = ${visitor.user.id}`;
  return visitor;
}
const ask = (who: Visitor, line: string) => {
  const { body, cookie } = ROUTES[line] as Line;
  const [method, pattern = ""] = line.split(" ");
  const path = pattern.replace(":room", "lobby").replace(":seq", "1").replace(":id", other.user.id);
  return call(api, `${method} ${path}`, {
    bearer: who.accessToken,
    ...(cookie ? { cookie: who.cookie } : {}),
    ...(body ? { body: body(who) } : {}),
  });
};
/** What everybody can see, and what all gateways were told. */
const shown = async (): Promise<string> => {
  api.present.splice(0, api.present.length, ...(await api.sql`select id from users`).map(({ id }) => id));
  const seen = [await call(api, "GET /api/rooms"), await call(api, "GET /api/rooms/lobby/people")];
  return JSON.stringify([api.told, api.created, seen.map(({ body }) => body)]);
};

test("every route is in the table, and no other", () => {
  expect(api.routes.toSorted()).toEqual(Object.keys(ROUTES).toSorted());
});

test.each(Object.entries(ROUTES))("while one is muted, %s shows others nothing", async (line, { muted }) => {
  const before = api.told.length;
  const { status, body } = await ask(await admin(3_600_000), line);
  const refusal = { status: 403, code: "muted", reason: "too loud", until: expect.any(Number) };
  if (muted === "refused") expect(body).toMatchObject({ ...refusal, retryAfterMs: expect.any(Number) });
  else expect([status, body?.code ?? ""]).not.toContain("muted");
  expect(await shown()).not.toContain(SHOUT);
  if (muted === "refused") expect(api.told.slice(before)).toEqual([]);
});

test.each(Object.entries(ROUTES).filter(([, { muted }]) => muted === "refused"))(
  "once a mute has ended, %s is served",
  async (line) => {
    expect((await ask(await admin(-1_000), line)).status).toBeLessThan(300);
  },
);

test("a mute that only Redis knows yet, as the spam rule's, holds too", async () => {
  const spammer = await signUp(api);
  await api.know(spammer.user.id, spammer.user.nickname, Date.now() + 60_000);
  const { body } = await call(api, "PATCH /api/me", {
    bearer: spammer.accessToken,
    body: { nickname: "other" },
  });
  expect(body.code).toBe("muted");
});
