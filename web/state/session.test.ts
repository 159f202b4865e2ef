import { describe, expect, test } from "vitest";
import { createFakeSession, credentials, QUARTER_HOUR } from "./session.fake.ts";

const settled = () => new Promise<void>((resolve) => setTimeout(resolve));

test("a plain guest never asks for a session", async () => {
  const { session, happened } = createFakeSession();
  expect(await session.token()).toBeUndefined();
  expect(happened).toEqual([]);
});

test("a reload brings the session back by its cookie", async () => {
  const { session, happened } = createFakeSession({ had: true });
  expect(session.state.value.at).toBe("unknown");
  expect(await session.token()).toBe("t1");
  expect(session.user.value?.id).toBe("u1");
  expect(happened).toEqual(["refresh"]);
});

test("an unreachable server leaves it open who we are, to be asked again", async () => {
  const { session, server } = createFakeSession({ had: true });
  server.problem = { code: "unreachable" };
  await expect(session.token()).rejects.toThrow("unreachable");
  expect(session.state.value.at).toBe("unknown");
  server.problem = undefined;
  expect(await session.token()).toBe("t1");
});

test("a session that ended meanwhile makes a guest of us, who is told why", async () => {
  const { session, server, kept } = createFakeSession({ had: true });
  server.problem = { code: "session_expired", reason: "expired" };
  expect(await session.token()).toBeUndefined();
  expect(session.state.value).toEqual({ at: "guest", because: "expired" });
  expect(kept.size).toBe(0);
});

test.each([
  ["ended", "ended"],
  ["expired", "expired"],
  ["reused", "reused"],
  ["crowded", "crowded"],
  ["of days to come", "unknown"],
  [undefined, "unknown"],
] as const)("logged out by the cluster (%s) all tabs know why", async (reason, because) => {
  const { session, server, posted } = createFakeSession();
  await session.logIn(credentials);
  server.problem = { code: "session_expired", ...(reason ? { reason } : {}) };
  await session.renew(false);
  expect(session.state.value).toEqual({ at: "guest", because });
  expect(posted.at(-1)).toEqual({ type: "gone", because });

  const other = createFakeSession();
  await other.session.logIn(credentials);
  other.receive({ type: "gone", because });
  expect(other.session.state.value).toEqual({ at: "guest", because });
});

test("logging in again forgets why we were logged out", async () => {
  const { session, server } = createFakeSession();
  await session.logIn(credentials);
  server.problem = { code: "session_expired" };
  await session.renew(false);
  server.problem = undefined;
  await session.logIn(credentials);
  await session.logOut();
  expect(session.state.value).toEqual({ at: "guest" });
});

test("logging in greets anew and tells the other tabs", async () => {
  const { session, happened, posted } = createFakeSession();
  expect(await session.logIn(credentials)).toBeUndefined();
  expect(happened).toEqual(["logIn", "userChanged"]);
  expect(posted.map((message) => message.type)).toEqual(["session"]);
});

test("a refused log-in changes nothing and says why", async () => {
  const { session, server, happened } = createFakeSession();
  server.problem = { code: "bad_credentials" };
  expect(await session.logIn(credentials)).toEqual({ code: "bad_credentials" });
  expect(session.state.value.at).toBe("guest");
  expect(happened).toEqual(["logIn"]);
});

test("the token is renewed in band a minute before it ends", async () => {
  const { session, clock, happened } = createFakeSession();
  await session.logIn(credentials);
  clock.advance(QUARTER_HOUR - 60_000);
  await settled();
  expect(happened.slice(2)).toEqual(["refresh", "renewed t2"]);
});

test("a renewal that fails is tried again, and the person stays who they are", async () => {
  const { session, clock, server, happened } = createFakeSession();
  await session.logIn(credentials);
  server.problem = { code: "unavailable" };
  clock.advance(QUARTER_HOUR - 60_000);
  await settled();
  server.problem = undefined;
  clock.advance(5_000);
  await settled();
  expect(happened.slice(2)).toEqual(["refresh", "refresh", "renewed t2"]);
});

test("a session renewed by another tab is used instead of renewing again", async () => {
  const { session, clock, receive: hear, answer, happened } = createFakeSession();
  await session.logIn(credentials);
  clock.advance(QUARTER_HOUR - 120_000);
  hear({ type: "session", answer: answer() });
  clock.advance(60_000);
  await settled();
  expect(happened.slice(2)).toEqual(["renewed t2"]);
});

test("a refreshed session that is refused again is let go without another try", async () => {
  const { session, happened } = createFakeSession();
  await session.logIn(credentials);
  await session.renew(false);
  await session.renew(true);
  expect(happened.filter((what) => what === "refresh")).toHaveLength(1);
  expect(session.state.value).toEqual({ at: "guest", because: "unknown" });
});

test("a log-out that did not reach the server leaves us logged in, since the cookie still lives", async () => {
  const { session, server } = createFakeSession();
  await session.logIn(credentials);
  server.problem = { code: "unreachable" };
  expect(await session.logOut()).toEqual({ code: "unreachable" });
  expect(session.user.value?.id).toBe("u1");
});

test("tabs follow one another out, and in as somebody else", async () => {
  const { session, receive: hear, answer, happened } = createFakeSession();
  await session.logIn(credentials);
  hear({ type: "gone" });
  expect(session.state.value).toEqual({ at: "guest" });
  hear({ type: "session", answer: answer("u2") });
  expect(session.user.value?.id).toBe("u2");
  expect(happened.filter((what) => what === "userChanged")).toHaveLength(3);
});

test("a ban makes a guest of us and says so until it was read, also when only the refresh tells", async () => {
  const { session, happened } = createFakeSession();
  await session.logIn(credentials);
  const ban = { reason: "rude", until: null };
  session.banned(ban);
  expect(session.state.value).toEqual({ at: "guest", because: "banned", ban });
  expect(happened).toContain("userChanged");
  session.noted();
  expect(session.state.value).toEqual({ at: "guest" });

  const back = createFakeSession({ had: true });
  back.server.problem = { code: "banned", ...ban };
  await back.session.token();
  expect(back.session.state.value).toEqual({ at: "guest", because: "banned", ban });
});

describe("a timed ban", () => {
  async function shutOut(ms: number) {
    const it = createFakeSession();
    await it.session.logIn(credentials);
    const ban = { reason: "rude", until: it.clock.now() + ms };
    it.server.problem = { code: "banned", ...ban };
    it.session.banned(ban);
    it.happened.length = 0;
    return { ...it, ban };
  }

  test("counts down, and brings the page back when it is over", async () => {
    const { session, server, clock, happened } = await shutOut(5_000);
    expect(session.banSecondsLeft.value).toBe(5);
    clock.advance(4_000);
    expect([session.banSecondsLeft.value, happened]).toEqual([1, []]);
    server.problem = { code: "session_expired" };
    clock.advance(1_000);
    await settled();
    expect([happened, session.state.value]).toEqual([["refresh"], { at: "guest", because: "readmitted" }]);
    expect(session.banSecondsLeft.value).toBeUndefined();
  });

  test("is checked every minute, in case it was lifted or got another end", async () => {
    const { session, server, clock } = await shutOut(3_600_000);
    const later = { reason: "worse", until: clock.now() + 7_200_000 };
    server.problem = { code: "banned", ...later };
    clock.advance(60_000);
    await settled();
    expect(session.state.value).toMatchObject({ because: "banned", ban: later });
    server.problem = { code: "session_expired" };
    clock.advance(60_000);
    await settled();
    expect(session.state.value).toMatchObject({ because: "readmitted" });
  });

  test("is asked about again when the server could not be reached at its end", async () => {
    const { session, server, clock } = await shutOut(1_000);
    server.problem = { code: "unreachable" };
    clock.advance(1_000);
    await settled();
    expect(session.state.value).toMatchObject({ because: "banned" });
    server.problem = undefined;
    clock.advance(5_000);
    await settled();
    expect(session.user.value?.id).toBe("u1");
  });

  test("of which an older gateway said nothing is asked about at once", async () => {
    const { session, server } = await shutOut(1_000);
    session.banned(undefined);
    await settled();
    expect(session.state.value).toMatchObject({ because: "banned", ban: { reason: server.problem?.reason } });
  });

  test("is over for who uses another account", async () => {
    const { session, server, clock, happened } = await shutOut(1_000);
    session.noted();
    server.problem = undefined;
    await session.logIn(credentials);
    clock.advance(10_000);
    expect([happened.filter((what) => what === "refresh"), session.banSecondsLeft.value]).toEqual([
      [],
      undefined,
    ]);
  });
});

test("another name of our own holds at once", async () => {
  const { session } = createFakeSession();
  await session.logIn(credentials);
  session.updateProfile({ nickname: "new", role: "moderator" });
  expect(session.user.value).toMatchObject({ id: "u1", nickname: "new", role: "moderator" });
});

test("until the server was asked the page is likely that of whom the browser had a session of", async () => {
  const { session, kept } = createFakeSession({ had: "u1" });
  expect([session.owner.value, session.lastUser()]).toEqual(["u1", "u1"]);
  await session.token();
  await session.logOut();
  expect([session.owner.value, session.lastUser(), kept.size]).toEqual(["guest", "u1", 0]);
});

test("a page that was put away finds out that another tab logged somebody else in", async () => {
  const { session, server, kept, happened } = createFakeSession();
  await session.logIn(credentials);
  await session.shownAgain();
  expect(happened).not.toContain("refresh");
  kept.set("suda:had-session", '"u2"');
  server.userId = "u2";
  await session.shownAgain();
  expect(session.user.value?.id).toBe("u2");
});
