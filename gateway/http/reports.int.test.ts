import { afterAll, beforeAll, expect, test } from "vitest";
import { call, signUp, type Visitor } from "./testing/client.ts";
import { type Api, startApi } from "./testing/start-api.ts";

let api: Api;
let moderator: Visitor;
let author: Visitor;
beforeAll(async () => {
  api = await startApi({ limits: true });
  moderator = await signUp(api);
  author = await signUp(api);
  await api.sql`update users set role = 'moderator' where id = ${moderator.user.id}`;
  const user = { id: author.user.id };
  for (let seq = 1; seq <= 60; seq++) api.said.push({ type: "message", seq, user });
  api.said.push({ type: "message", seq: 61, user, deleted: true }, { type: "notice", seq: 62, user });
});
afterAll(() => api.close());

const report = (by: Visitor, seq: number | string, reason: unknown = "rude") =>
  call(api, `POST /api/rooms/lobby/messages/${seq}/report`, { bearer: by.accessToken, body: { reason } });
const open = async (query = "") =>
  (await call(api, `GET /api/reports${query}`, { bearer: moderator.accessToken })).body;

test("a message is reported to the moderators, once by each who reports it", async () => {
  const ana = await signUp(api);
  expect((await report(ana, 7)).status).toBe(204);
  expect((await report(ana, 7, "still rude")).status).toBe(204);
  const { reports } = await open();
  expect(reports[0]).toEqual({
    id: expect.any(String),
    at: expect.any(Number),
    room: "lobby",
    seq: 7,
    author: { id: author.user.id, nickname: author.user.nickname },
    reporter: { id: ana.user.id, nickname: ana.user.nickname },
    reason: "rude",
  });
  expect(reports.filter(({ seq }: { seq: number }) => seq === 7)).toHaveLength(1);
});

test("what a moderator has seen to is no longer open, and that is recorded", async () => {
  const ana = await signUp(api);
  await report(ana, 8);
  const [{ id }] = (await open()).reports;
  const handle = () => call(api, `DELETE /api/reports/${id}`, { bearer: moderator.accessToken });
  expect((await handle()).status).toBe(204);
  expect((await handle()).body.code).toBe("not_found");
  expect((await open()).reports.map((each: { id: string }) => each.id)).not.toContain(id);
  const { body } = await call(api, "GET /api/audit?limit=1", { bearer: moderator.accessToken });
  expect(body.acts[0]).toMatchObject({ act: "report_handled", detail: { room: "lobby", seq: 8 } });
});

test.each([0, "00", "x", "1e3", "0x10", "9".repeat(20)])("%s is the seq of no message", async (seq) => {
  expect((await report(await signUp(api), seq)).body).toMatchObject({
    code: "invalid",
    fields: { seq: expect.any(String) },
  });
});

test.each([61, 62, 63])("message %s cannot be reported", async (seq) => {
  expect((await report(await signUp(api), seq)).body.code).toBe("no_such_message");
});

test("nor one of a room that is not there, nor without a word", async () => {
  const ana = await signUp(api);
  const elsewhere = await call(api, "POST /api/rooms/nowhere/messages/1/report", {
    bearer: ana.accessToken,
    body: { reason: "rude" },
  });
  expect(elsewhere.body.code).toBe("no_such_room");
  expect((await report(ana, 7, 5)).body.fields).toEqual({ reason: "wrong_type" });
});

test("reports come in pages, newest first", async () => {
  const ana = await signUp(api);
  for (const seq of [11, 12, 13]) await report(ana, seq);
  const first = await open("?limit=2");
  expect([first.reports.map(({ seq }: { seq: number }) => seq), first.more]).toEqual([[13, 12], true]);
  const second = await open(`?limit=1&before=${first.reports[1].id}`);
  expect(second.reports[0].seq).toBe(11);
  expect((await open("?before=x")).code).toBe("invalid");
});

test("who reports without end is asked to wait", async () => {
  const ana = await signUp(api);
  const statuses = [];
  for (let seq = 20; seq < 41; seq++) statuses.push((await report(ana, seq)).status);
  expect(statuses).toEqual([...Array(20).fill(204), 429]);
});
