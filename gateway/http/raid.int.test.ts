import { afterAll, beforeAll, expect, test } from "vitest";
import { call, signUp, type Visitor } from "./testing/client.ts";
import { createStaff } from "./testing/staff.ts";
import { type Api, startApi } from "./testing/start-api.ts";

let api: Api;
const { signUpAs, act } = createStaff(() => api);
let moderator: Visitor;
beforeAll(async () => {
  api = await startApi();
  moderator = await signUpAs("moderator");
});
afterAll(() => api.close());

test("moderators hold new accounts back and let them write again, and both are on record", async () => {
  expect((await act(moderator, "GET /api/raid")).body).toEqual({});
  expect((await act(moderator, "PUT /api/raid", { minutes: 60 })).status).toBe(204);
  const { raid } = (await act(moderator, "GET /api/raid")).body;
  expect(raid.minutes).toBe(60);
  // It ends by itself within a day.
  expect(raid.until - Date.now()).toBeGreaterThan(86_000_000);
  expect(raid.until - Date.now()).toBeLessThanOrEqual(86_400_000);
  expect(api.notified.at(-1)).toEqual(["raid", raid]);
  expect((await act(moderator, "DELETE /api/raid")).status).toBe(204);
  expect(api.notified.at(-1)).toEqual(["raid", undefined]);
  const { acts } = (await act(moderator, "GET /api/audit?limit=2")).body;
  expect(acts.map((each: { act: string }) => each.act)).toEqual(["raid_over", "raid"]);
});

test.each([0, -1, 10_081, 1.5, "60"])("%s minutes are refused", async (minutes) => {
  expect((await act(moderator, "PUT /api/raid", { minutes })).body.code).toBe("invalid");
});

test("nobody else sees or switches it", async () => {
  const user = await signUp(api);
  for (const line of ["GET /api/raid", "DELETE /api/raid"])
    expect((await act(user, line)).body.code).toBe("forbidden");
  expect((await act(user, "PUT /api/raid", { minutes: 10 })).body.code).toBe("forbidden");
  expect((await call(api, "GET /api/raid")).status).toBe(401);
});
