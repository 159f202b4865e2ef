import { afterAll, beforeAll, expect, test } from "vitest";
import type { Report } from "../../shared/http-api.ts";
import { call, signUp, type Visitor } from "./testing/client.ts";
import { createStaff } from "./testing/staff.ts";
import { type Api, startApi } from "./testing/start-api.ts";

const SAID_AT = 1_700_000_000_123;
let api: Api;
const { signUpAs } = createStaff(() => api);
let moderator: Visitor;
let author: Visitor;
beforeAll(async () => {
  api = await startApi({ limits: true });
  moderator = await signUpAs("moderator");
  author = await signUp(api);
  const user = { id: author.user.id, nickname: "as it was" };
  for (let seq = 1; seq <= 60; seq++)
    api.said.push({ type: "message", seq, at: SAID_AT, user, text: `rude ${seq}` });
  api.said.push(
    { type: "message", seq: 61, user, at: SAID_AT, deleted: true },
    { type: "notice", seq: 62, user, at: SAID_AT },
  );
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
    text: "rude 7",
    saidAt: SAID_AT,
    saidAs: "as it was",
  });
  expect(reports.filter(({ seq }: { seq: number }) => seq === 7)).toHaveLength(1);
});

test("a report says which role its author has now", async () => {
  const ana = await signUp(api);
  await report(ana, 7);
  const shown = async () => (await open()).reports.find(({ seq }: { seq: number }) => seq === 7).author;
  expect(await shown()).not.toHaveProperty("role");
  await api.sql`update users set role = 'moderator' where id = ${author.user.id}`;
  expect(await shown()).toMatchObject({ id: author.user.id, role: "moderator" });
  await api.sql`update users set role = 'user' where id = ${author.user.id}`;
});

test("a report that a moderator handled is no longer open, and the act is recorded", async () => {
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

/** The database's rows of one person's reports. */
const kept = (reporter: Visitor) =>
  api.sql`select text, said_as, said_at from reports where reporter = ${reporter.user.id} order by seq`;

test("a reported message stays with the report though its author deletes it, until a moderator has handled it", async () => {
  const [ana, ben] = [await signUp(api), await signUp(api)];
  await report(ana, 9);
  await report(ben, 9);
  const before = api.said[8];
  api.said[8] = {
    type: "message",
    seq: 9,
    at: SAID_AT,
    user: { id: author.user.id, nickname: "n" },
    deleted: true,
  };
  const reports: Report[] = (await open()).reports.filter(({ seq }: Report) => seq === 9);
  expect(reports.map(({ text }) => text)).toEqual(["rude 9", "rude 9"]);
  expect((await report(await signUp(api), 9)).body.code).toBe("no_such_message");
  const bens = reports.find(({ reporter }) => reporter?.id === ben.user.id);
  await call(api, `DELETE /api/reports/${bens?.id}`, { bearer: moderator.accessToken });
  expect([...(await kept(ben))]).toEqual([{ text: null, said_as: null, said_at: null }]);
  expect((await open()).reports.filter(({ seq }: Report) => seq === 9)).toMatchObject([{ text: "rude 9" }]);
  if (before) api.said[8] = before;
});

test("a reported message is shown to moderators alone, in the list of reports alone", async () => {
  const ana = await signUp(api);
  await report(ana, 10);
  const [{ id }] = (await open()).reports;
  expect((await call(api, "GET /api/reports", { bearer: ana.accessToken })).status).toBe(403);
  await call(api, `DELETE /api/reports/${id}`, { bearer: moderator.accessToken });
  const audit = await call(api, "GET /api/audit", { bearer: moderator.accessToken });
  expect(JSON.stringify([audit.body, api.notified])).not.toContain("rude 10");
});

test("a report keeps the message, but not the name, of an author who closes their account", async () => {
  const [ana, gone] = [await signUp(api), await signUp(api)];
  const user = { id: gone.user.id, nickname: "gone by name" };
  api.said.push({ type: "message", seq: 70, at: SAID_AT, user, text: "goodbye" });
  await report(ana, 70);
  const { id, nickname } = gone.user;
  await call(api, "DELETE /api/me", { bearer: gone.accessToken, body: { password: gone.password } });
  expect((await open()).reports[0]).toMatchObject({
    author: { id, nickname: "closed account" },
    text: "goodbye",
    saidAs: null,
  });
  expect(JSON.stringify(await open())).not.toContain(nickname);
  expect([...(await kept(ana))]).toMatchObject([{ text: "goodbye", said_as: null }]);
  // A gateway of an older release leaves the name in the row.
  await api.sql`update reports set said_as = 'gone by name' where author = ${id}`;
  expect((await open()).reports[0]).toMatchObject({ text: "goodbye", saidAs: null });
});

test("a report made by way of an older gateway has no text, and is seen to as any other", async () => {
  const ana = await signUp(api);
  await api.sql`
    insert into reports (room, seq, author, reporter, reason)
    values ('lobby', 15, ${author.user.id}, ${ana.user.id}, 'rude')`;
  const [first] = (await open()).reports;
  expect(first).toMatchObject({ seq: 15, text: null, saidAt: null, saidAs: null });
  const { status } = await call(api, `DELETE /api/reports/${first.id}`, { bearer: moderator.accessToken });
  expect(status).toBe(204);
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

test("a user who reports without end is asked to wait", async () => {
  const ana = await signUp(api);
  const statuses = [];
  for (let seq = 20; seq < 41; seq++) statuses.push((await report(ana, seq)).status);
  expect(statuses).toEqual([...Array(20).fill(204), 429]);
});

test("one request does something about a report and closes it, once", async () => {
  const ana = await signUp(api);
  await report(ana, 20, "spam");
  const [{ id }] = (await open()).reports;
  const post = (body: unknown, by = moderator) =>
    call(api, `POST /api/reports/${id}`, { bearer: by.accessToken, body });
  expect((await post({ act: "delete" }, ana)).body.code).toBe("forbidden");
  expect((await post({ act: "explode" })).status).toBe(400);
  // A moderator bans nobody, and the report stays open.
  expect((await post({ act: "ban" })).body.code).toBe("forbidden");
  expect((await post({ act: "delete" })).status).toBe(204);
  expect(api.deletions.at(-1)).toMatchObject({ userId: moderator.user.id, room: "lobby", seq: 20 });
  expect((await post({ act: "delete" })).body.code).toBe("not_found");
});

test("a mute by one tap lasts ten minutes, with the reason of the report", async () => {
  const ana = await signUp(api);
  await report(ana, 21, "flooding");
  const [{ id }] = (await open()).reports;
  const before = Date.now();
  await call(api, `POST /api/reports/${id}`, { bearer: moderator.accessToken, body: { act: "mute" } });
  const { body } = await call(api, `GET /api/users/${author.user.id}`, { bearer: moderator.accessToken });
  expect(body.muted.reason).toBe("flooding");
  expect(body.muted.until - before).toBeGreaterThan(590_000);
  expect(body.muted.until - before).toBeLessThan(620_000);
});

test("moderators learn how many reports are open, and nobody else does", async () => {
  const count = async (by: Visitor) =>
    (await call(api, "GET /api/reports/open", { bearer: by.accessToken })).body;
  const { open: before } = await count(moderator);
  await report(await signUp(api), 22);
  expect(await count(moderator)).toEqual({ open: before + 1 });
  expect((await count(author)).code).toBe("forbidden");
});
