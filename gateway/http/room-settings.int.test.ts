import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, type Visitor } from "./testing/client.ts";
import { createStaff } from "./testing/staff.ts";
import { type Api, startApi } from "./testing/start-api.ts";

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
    expect(newsOf("room", "slow")).toEqual([["room", "slow"]]);
    expect(newsOf("notice", "slow")).toEqual([
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
    expect(newsOf("notice", "calm")).toHaveLength(1);
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
