import { afterAll, beforeAll, expect, test } from "vitest";
import { draftDeletion, draftMessage } from "../../shared/server/redis/event-draft.ts";
import { call, signUp, type Visitor } from "./testing/client.ts";
import { createStaff } from "./testing/staff.ts";
import { type Api, startApi } from "./testing/start-api.ts";

let api: Api;
const { signUpAs, act } = createStaff(() => api);
let moderator: Visitor;
beforeAll(async () => {
  api = await startApi();
  moderator = await signUpAs("moderator");
  const { scripts } = api;
  await scripts.restore("lobby", {
    epoch: "e",
    base: 0,
    postgresSeq: 0,
    prevEpoch: "",
    prevUpTo: 0,
    entries: [],
  });
  const author = { ...moderator.user, role: "moderator" as const };
  for (const text of ["welcome", "rude"])
    await scripts.append(draftMessage({ room: "lobby", clientId: text }, author, text));
  const deletion = draftDeletion({ room: "lobby", clientId: "d" }, author.id, 2);
  await scripts.delete(deletion, { target: 2, any: true, tombstone: "" });
});
afterAll(() => api.close());

/** The room's events about pins, in its order. */
async function notices(): Promise<{ code: string }[]> {
  const page = await api.scripts.readAfter("lobby", 0, 100);
  const events = page?.entries.map(({ bytes }) => JSON.parse(bytes.toString())) ?? [];
  return events.filter(({ type }) => type === "notice");
}
const pinned = async () => (await call(api, "GET /api/rooms/lobby/pin")).body;

test("a moderator pins a message for everybody, once however often, and takes it down", async () => {
  expect(await pinned()).toEqual({});
  for (let i = 0; i < 2; i++)
    expect((await act(moderator, "PUT /api/rooms/lobby/pin", { seq: 1 })).status).toBe(204);
  expect(await pinned()).toEqual({ pinned: 1 });
  expect(await notices()).toMatchObject([{ code: "pinned", target: 1, user: { id: moderator.user.id } }]);
  expect((await act(moderator, "DELETE /api/rooms/lobby/pin")).status).toBe(204);
  expect(await pinned()).toEqual({});
  expect(await notices()).toMatchObject([{ code: "pinned" }, { code: "unpinned" }]);
  const { acts } = (await act(moderator, "GET /api/audit?limit=2")).body;
  expect(acts.map((each: { act: string }) => each.act)).toEqual(["unpin", "pin"]);
});

test("only a message that has a text can be pinned", async () => {
  for (const seq of [2, 99]) {
    const { body } = await act(moderator, "PUT /api/rooms/lobby/pin", { seq });
    expect(body.code).toBe("no_such_message");
  }
  for (const seq of [0, -1, 1.5, "1"])
    expect((await act(moderator, "PUT /api/rooms/lobby/pin", { seq })).body.code).toBe("invalid");
});

test("others may look and change nothing", async () => {
  const user = await signUp(api);
  expect((await act(user, "PUT /api/rooms/lobby/pin", { seq: 1 })).body.code).toBe("forbidden");
  expect((await act(user, "DELETE /api/rooms/lobby/pin")).body.code).toBe("forbidden");
  expect((await call(api, "GET /api/rooms/no-room/pin")).body.code).toBe("no_such_room");
});
