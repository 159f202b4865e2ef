import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, signUp, type Visitor } from "../testing/client.ts";
import { type Api, startApi } from "../testing/start-api.ts";

let api: Api;
let ana: Visitor;
beforeAll(async () => {
  api = await startApi();
  ana = await signUp(api);
});
afterAll(() => api.close());

const create = (body: unknown, bearer: string | undefined = ana.accessToken) =>
  call(api, "POST /api/rooms", { body, ...(bearer ? { bearer } : {}) });

describe("rooms", () => {
  test("a guest sees them with the people in each", async () => {
    api.busy.push({ name: "lobby", people: 1 });
    const { status, body } = await call(api, "GET /api/rooms");
    expect(status).toBe(200);
    expect(body.rooms[0]).toEqual({ name: "lobby", title: "Lobby", slowModeMs: 0, people: 1 });
  });

  test("a user makes one, and everybody finds it at once", async () => {
    const { status, body } = await create({ name: "tea", title: "  Tea \u1112\u1161\u11ab " });
    expect([status, body]).toEqual([201, { room: { name: "tea", title: "Tea 한", slowModeMs: 0 } }]);
    expect(api.created).toContain("tea");
    const { body: listed } = await call(api, "GET /api/rooms");
    expect(listed.rooms).toContainEqual({ name: "tea", title: "Tea 한", slowModeMs: 0, people: 0 });
    expect((await call(api, "GET /api/rooms/tea/messages")).status).toBe(200);
  });

  test("a name is given once, also when two people ask at the same moment", async () => {
    const replies = await Promise.all([1, 2, 3].map((n) => create({ name: "once", title: `Once ${n}` })));
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(replies.find(({ status }) => status === 409)?.body.code).toBe("room_taken");
  });

  test("a guest makes none", async () => {
    const { status, body } = await create({ name: "guest-room", title: "Guests" }, "");
    expect([status, body.code]).toEqual([401, "unauthenticated"]);
  });

  test("a user who is gone makes none", async () => {
    const bob = await signUp(api);
    await api.sql`delete from users where id = ${bob.user.id}`;
    expect((await create({ name: "bobs", title: "Bob's" }, bob.accessToken)).status).toBe(401);
  });

  test.each([
    [{ name: "Tea", title: "Tea" }, { name: "bad_format" }],
    [{ name: "-tea", title: "Tea" }, { name: "bad_format" }],
    [{ name: "a".repeat(33), title: "Tea" }, { name: "bad_format" }],
    [{ name: "{s1}:room", title: "Tea" }, { name: "bad_format" }],
    [{ name: "t1\n", title: "Tea" }, { name: "bad_format" }],
    [{ name: "t1", title: " \u200b " }, { title: "too_short" }],
    [{ name: "t1", title: "x".repeat(61) }, { title: "too_long" }],
    [{ name: "t1", title: "x".repeat(401) }, { title: "too_long" }],
    [{ name: "t1", title: "a\u0000b" }, { title: "not_allowed" }],
    [{ name: "t1" }, { title: "missing" }],
  ])("%j is refused", async (body, fields) => {
    const { status, body: answer } = await create(body);
    expect([status, answer.fields]).toEqual([400, fields]);
  });
});

describe("history", () => {
  const read = (query: string) => call(api, `GET /api/rooms/lobby/messages${query}`);

  test("passes on the events as they are, with where to begin and how many", async () => {
    expect((await read("")).body).toEqual({
      events: [{ type: "message", room: "lobby", seq: 0 }],
      more: false,
    });
    expect((await read("?before=7&limit=200")).body).toEqual({
      events: [{ type: "message", room: "lobby", seq: 7 }],
      more: true,
    });
  });

  test.each([
    "limit=0",
    "limit=201",
    "limit=x",
    "limit=",
    "limit=1.5",
    "before=-1",
    "before=1e3",
    "before=9007199254740993",
    "around=0",
    "after=-1",
    "after=9007199254740991",
    "before=5&after=5",
    "around=5&seqs=5",
    "seqs=",
    "seqs=0",
    "seqs=1,,2",
    `seqs=${Array.from({ length: 51 }, (_, index) => index + 1).join(",")}`,
  ])("refuses %s", async (query) => {
    expect((await read(`?${query}`)).body.code).toBe("invalid");
  });

  test("of a place in the log tells what is beside it; of single events tells those that exist", async () => {
    const nothing = { events: [], more: false, newer: false };
    expect((await read("?around=7&limit=3")).body).toEqual(nothing);
    expect((await read("?after=0")).body).toEqual(nothing);
    expect((await read("?seqs=1,7,7")).body).toEqual({ events: [] });
  });

  test.each(["nowhere", "..", "%7Bs1%7D", "a%0ab", "LOBBY"])("of %s there is none", async (room) => {
    const { status } = await call(api, `GET /api/rooms/${room}/messages`);
    expect(status).toBe(404);
  });
});

test("people are told by name, to guests too", async () => {
  api.present.push(ana.user.id);
  const { status, body } = await call(api, "GET /api/rooms/lobby/people");
  expect(status).toBe(200);
  const { id, nickname } = ana.user;
  expect(body).toEqual({ people: [{ id, nickname, role: "user" }], guests: 2, more: false });
});

test.each(["/api/rooms", "/api/rooms/lobby/messages", "/api/rooms/lobby/people"])(
  "%s is refused to who shows the token of an ended session",
  async (path) => {
    const { accessToken } = await signUp(api);
    await call(api, "POST /api/logout", { bearer: accessToken });
    const { status, body } = await call(api, `GET ${path}`, { bearer: accessToken });
    expect([status, body.code]).toEqual([401, "session_expired"]);
  },
);

test("ready means ready to serve, alive means alive", async () => {
  expect((await call(api, "GET /readyz")).status).toBe(200);
  api.notReady.push("draining");
  const { status, body } = await call(api, "GET /readyz");
  expect([status, body.detail]).toEqual([503, "Not ready: draining"]);
  expect((await call(api, "GET /healthz")).status).toBe(200);
  api.notReady.length = 0;
});
