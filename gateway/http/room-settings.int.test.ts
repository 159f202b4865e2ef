import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, signUp, type Visitor } from "./testing/client.ts";
import { type Api, startApi } from "./testing/start-api.ts";

let api: Api;
let moderator: Visitor;
let admin: Visitor;
beforeAll(async () => {
  api = await startApi();
  moderator = await withRole("moderator");
  admin = await withRole("admin");
});
afterAll(() => api.close());

async function withRole(role: string): Promise<Visitor> {
  const visitor = await signUp(api);
  await api.sql`update users set role = ${role} where id = ${visitor.user.id}`;
  return visitor;
}
const act = (by: Visitor, line: string, body?: unknown) =>
  call(api, line, { bearer: by.accessToken, ...(body === undefined ? {} : { body }) });
const toldOf = (kind: string, id: string) =>
  api.told.filter((news) => news[0] === kind && JSON.stringify(news).includes(id));

describe("a room's settings", () => {
  test("are changed by a moderator, kept, told and recorded", async () => {
    await act(admin, "POST /api/rooms", { name: "slow", title: "Slow" });
    const { status, body } = await act(moderator, "PATCH /api/rooms/slow", {
      title: " Very slow ",
      slowModeMs: 5_000,
    });
    expect([status, body]).toEqual([200, { room: { name: "slow", title: "Very slow", slowModeMs: 5_000 } }]);
    const { body: listed } = await call(api, "GET /api/rooms");
    expect(listed.rooms).toContainEqual(expect.objectContaining(body.room));
    expect(toldOf("room", "slow")).toEqual([["room", "slow"]]);
    expect(toldOf("notice", "slow")).toEqual([
      [
        "notice",
        "slow",
        expect.any(String),
        expect.objectContaining({ code: "slow_mode", slowModeMs: 5_000 }),
      ],
    ]);
    const { body: audit } = await act(moderator, "GET /api/audit");
    expect(audit.acts[0]).toMatchObject({
      act: "room",
      room: "slow",
      detail: { title: "Very slow", slowModeMs: 5_000 },
    });
  });

  test("keep what is not named, and a title alone is no notice", async () => {
    await act(admin, "POST /api/rooms", { name: "calm", title: "Calm" });
    await act(moderator, "PATCH /api/rooms/calm", { slowModeMs: 9_000 });
    const { body } = await act(moderator, "PATCH /api/rooms/calm", { title: "Calmer" });
    expect(body.room).toEqual({ name: "calm", title: "Calmer", slowModeMs: 9_000 });
    expect(toldOf("notice", "calm")).toHaveLength(1);
  });

  test.each([
    [{ title: "" }, { title: "too_short" }],
    [{ title: "a\nb" }, { title: "not_allowed" }],
    [{ slowModeMs: -1 }, { slowModeMs: "bad_format" }],
    [{ slowModeMs: 1.5 }, { slowModeMs: "wrong_type" }],
  ])("of %j are refused", async (body, fields) => {
    expect((await act(moderator, "PATCH /api/rooms/lobby", body)).body.fields).toEqual(fields);
  });

  test("of a room that is not there are no settings", async () => {
    expect((await act(moderator, "PATCH /api/rooms/nowhere", { title: "x" })).body.code).toBe("no_such_room");
  });
});
