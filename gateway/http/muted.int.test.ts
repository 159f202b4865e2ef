/**
 * A muted person can show others nothing that they chose. Each route states its effect for a muted person, and is
 * tested for it.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROUTES, type RouteName } from "../../shared/http-routes.ts";
import { call, newPerson, signUp, type Visitor } from "./testing/client.ts";
import { type Api, startApi } from "./testing/start-api.ts";

/** Stands in every text that a muted person could choose. */
const SHOUT = "SHOUTED";
const LATER = { untilMs: 4_000_000_000_000, reason: SHOUT };

type Line = {
  /** `harmless`: others see nothing of the chosen text. `refused`: refused while the mute lasts. */
  muted: "refused" | "harmless";
  body?: (who: Visitor) => object;
  cookie?: true;
};
const harmless: Line = { muted: "harmless" };

/** Every request, admins' ones included. A new route does not compile without an entry here. */
const LINES: Record<RouteName, Line> = {
  signUp: { muted: "harmless", body: newPerson },
  logIn: { muted: "harmless", body: ({ email, password }) => ({ email, password }) },
  refresh: { muted: "harmless", cookie: true },
  logOut: harmless,
  me: harmless,
  rename: { muted: "refused", body: () => ({ nickname: SHOUT }) },
  closeAccount: { muted: "harmless", body: ({ password }) => ({ password }) },
  changePassword: {
    muted: "harmless",
    body: ({ password }) => ({ current: password, next: `${SHOUT} in secret` }),
  },
  sessions: harmless,
  endOtherSessions: harmless,
  endSession: harmless,
  connections: harmless,
  rooms: harmless,
  createRoom: { muted: "refused", body: () => ({ name: "a-new-room", title: SHOUT }) },
  changeRoom: { muted: "refused", body: () => ({ title: SHOUT, slowModeMs: 1_000 }) },
  messages: harmless,
  reactions: harmless,
  reactionsOf: harmless,
  search: harmless,
  people: harmless,
  // Only moderators read the reason.
  report: { muted: "harmless", body: () => ({ reason: SHOUT }) },
  mute: { muted: "refused", body: () => LATER },
  unmute: { muted: "refused" },
  ban: { muted: "refused", body: () => LATER },
  unban: { muted: "refused" },
  setRole: { muted: "refused", body: () => ({ role: "moderator" }) },
  reports: harmless,
  person: harmless,
  handleReport: harmless,
  pin: harmless,
  putPin: { muted: "refused", body: () => ({ seq: 1 }) },
  removePin: { muted: "refused" },
  openReports: harmless,
  // Its mutes and bans are refused like those of the routes above.
  actOnReport: { muted: "harmless", body: () => ({ act: "dismiss" }) },
  raid: harmless,
  beginRaid: { muted: "harmless", body: () => ({ minutes: 10 }) },
  endRaid: harmless,
  audit: harmless,
  // A kind of error and places in our own scripts: only the operator reads it.
  clientError: { muted: "harmless", body: () => ({ where: "screen", name: "TypeError", at: [] }) },
  lives: harmless,
  ready: harmless,
  mentions: harmless,
  pushState: harmless,
  keepPush: harmless,
  removePush: harmless,
  levels: harmless,
  putLevel: { muted: "harmless", body: () => ({ level: "none" }) },
  ownRooms: harmless,
  visitRoom: harmless,
  leaveRoom: harmless,
  room: harmless,
  roomTitle: harmless,
  members: harmless,
  putMember: { muted: "refused", body: () => ({}) },
  // To leave is not: private-rooms.int.test.ts.
  removeMember: { muted: "refused" },
  invite: { muted: "refused", body: () => ({}) },
  endInvitations: harmless,
  invitation: harmless,
  acceptInvitation: harmless,
  openLine: { muted: "refused" },
  findUser: harmless,
  closeRoom: { muted: "refused" },
  reopenRoom: { muted: "refused" },
};

let api: Api;
let other: Visitor;
beforeAll(async () => {
  api = await startApi();
  other = await signUp(api);
  await api.sql`insert into rooms (name, title) values ('tea', 'Tea')`;
  api.said.push({ type: "message", seq: 1, at: 1, user: other.user, text: "hello" });
});
afterAll(() => api.close());

/** @param mutedMs how long the admin stays muted. */
async function admin(mutedMs: number): Promise<Visitor> {
  const visitor = await signUp(api);
  await api.sql`
    update users set role = 'admin', restricted_reason = 'too loud', restricted_until = ${new Date(Date.now() + mutedMs)}
    where id = ${visitor.user.id}`;
  return visitor;
}
const ask = (who: Visitor, name: RouteName) => {
  const { body, cookie } = LINES[name];
  const { method, path: pattern } = ROUTES[name];
  const path = pattern.replace(":room", "tea").replace(":seq", "1").replace(":id", other.user.id);
  return call(api, `${method} ${path}`, {
    bearer: who.accessToken,
    ...(cookie ? { cookie: who.cookie } : {}),
    ...(body ? { body: body(who) } : {}),
  });
};
/** Everything that others can see, and everything published to gateways. */
const shown = async (): Promise<string> => {
  api.present.splice(0, api.present.length, ...(await api.sql`select id from users`).map(({ id }) => id));
  const seen = [await call(api, "GET /api/rooms"), await call(api, "GET /api/rooms/lobby/people")];
  return JSON.stringify([api.notified, api.created, seen.map(({ body }) => body)]);
};

const names = Object.keys(LINES) as RouteName[];

test.each(names)("while one is muted, %s shows others nothing", async (name) => {
  const { muted } = LINES[name];
  const before = api.notified.length;
  const { status, body } = await ask(await admin(3_600_000), name);
  const refusal = { status: 403, code: "muted", reason: "too loud", until: expect.any(Number) };
  if (muted === "refused") expect(body).toMatchObject({ ...refusal, retryAfterMs: expect.any(Number) });
  else expect([status, body?.code ?? ""]).not.toContain("muted");
  expect(await shown()).not.toContain(SHOUT);
  if (muted === "refused") expect(api.notified.slice(before)).toEqual([]);
});

test.each(names.filter((name) => LINES[name].muted === "refused"))(
  "once a mute has ended, %s is served",
  async (name) => {
    expect((await ask(await admin(-1_000), name)).body?.code).not.toBe("muted");
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
