import { createECDH, randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call, signUp, type Visitor } from "./testing/client.ts";
import { type Api, startApi } from "./testing/start-api.ts";

let api: Api;
beforeAll(async () => {
  api = await startApi({ limits: true });
});
afterAll(() => api.close());

function browser() {
  const pair = createECDH("prime256v1");
  pair.generateKeys();
  return {
    endpoint: `https://push.example.com/${randomBytes(9).toString("base64url")}`,
    p256dh: pair.getPublicKey("base64url"),
    auth: randomBytes(16).toString("base64url"),
  };
}
const ask = (method: "GET" | "PUT" | "DELETE", by: Visitor | undefined, body?: object) =>
  call(api, `${method} /api/me/push`, {
    ...(by ? { bearer: by.accessToken } : {}),
    ...(body ? { body } : {}),
  });
const endpoints = async () =>
  (await api.sql<{ endpoint: string }[]>`select endpoint from push_subscriptions`).map(
    ({ endpoint }) => endpoint,
  );

test("without a key of the cluster there are no notifications, and the answer says so", async () => {
  const ana = await signUp(api);
  expect((await ask("GET", ana)).body).toEqual({ on: false, front: false });
  expect((await ask("PUT", ana, browser())).status).toBe(404);
  await api.sql`insert into cluster (key, value) values ('push_key', 'the-key')`;
  expect((await ask("GET", ana)).body).toEqual({ key: "the-key", on: false, front: false });
});

test("a session has one subscription, which ends with it", async () => {
  const ana = await signUp(api);
  const [first, second] = [browser(), browser()];
  expect((await ask("PUT", ana, { ...first, hideText: true, ignored: [ana.user.id] })).status).toBe(204);
  expect((await ask("GET", ana)).body).toMatchObject({ on: true });
  expect((await ask("PUT", ana, second)).status).toBe(204);
  expect(await endpoints()).toEqual([second.endpoint]);
  await ask("DELETE", ana);
  expect(await endpoints()).toEqual([]);
  await ask("PUT", ana, second);
  await call(api, "POST /api/logout", { bearer: ana.accessToken, cookie: ana.cookie });
  expect(await endpoints()).toEqual([]);
});

test("a page learns whether its browser hides texts, and whether it subscribed with a key that is not the cluster's any more", async () => {
  const ana = await signUp(api);
  const own = browser();
  await ask("PUT", ana, { ...own, hideText: true });
  expect((await ask("GET", ana)).body).toEqual({ key: "the-key", on: true, front: false, hideText: true });
  await api.sql`update cluster set value = 'next-key' where key = 'push_key'`;
  expect((await ask("GET", ana)).body).toMatchObject({ key: "next-key", hideText: true, stale: true });
  await ask("PUT", ana, own);
  expect((await ask("GET", ana)).body).toEqual({ key: "next-key", on: true, front: false });
  await ask("DELETE", ana);
});

test("the next user of a browser takes its notifications over, and nobody takes those of another browser", async () => {
  const [ana, ben, cho] = [await signUp(api), await signUp(api), await signUp(api)];
  const shared = browser();
  await ask("PUT", ana, shared);
  await ask("PUT", cho, { ...browser(), endpoint: shared.endpoint });
  expect(await endpoints()).toHaveLength(2);
  await ask("PUT", ben, shared);
  expect((await ask("GET", ana)).body).toMatchObject({ on: false });
  expect((await ask("GET", ben)).body).toMatchObject({ on: true });
  for (const each of [ben, cho]) await ask("DELETE", each);
});

test.each([
  ["an address inside", { endpoint: "https://127.0.0.1/x" }],
  ["an address without TLS", { endpoint: "http://push.example.com/x" }],
  ["an endless address", { endpoint: `https://push.example.com/${"x".repeat(1_000)}` }],
  ["a key that is no point", { p256dh: `A${"A".repeat(86)}` }],
  ["a short secret", { auth: "AAAA" }],
  ["ids that are none", { ignored: ["x"] }],
  ["too many ids", { ignored: Array.from({ length: 51 }, () => "01936f6e-0000-7000-8000-000000000001") }],
])("%s is refused", async (_, wrong) => {
  const ana = await signUp(api);
  const answer = await ask("PUT", ana, { ...browser(), ...wrong });
  expect([answer.status, answer.body.code]).toEqual([400, "invalid"]);
});

test("guests have none, and a user who asks without end has to wait", async () => {
  for (const method of ["GET", "PUT", "DELETE"] as const)
    expect((await ask(method, undefined, method === "PUT" ? browser() : undefined)).status).toBe(401);
  const ana = await signUp(api);
  const statuses = await Promise.all(Array.from({ length: 70 }, async () => (await ask("GET", ana)).status));
  expect(statuses.filter((status) => status === 429)).toHaveLength(10);
});

test("a user chooses how much of each room they hear, on all of their devices alike", async () => {
  const [ana, ben] = [await signUp(api), await signUp(api)];
  const set = (by: Visitor, room: string, level: string) =>
    call(api, `PUT /api/me/levels/${room}`, { bearer: by.accessToken, body: { level } });
  const levels = async (by: Visitor) =>
    (await call(api, "GET /api/me/levels", { bearer: by.accessToken })).body.rooms;
  expect(await levels(ana)).toEqual([]);
  expect((await set(ana, "lobby", "none")).status).toBe(204);
  expect(api.notified.at(-1)).toEqual(["own rooms", ana.user.id]);
  expect(await levels(ana)).toEqual([{ room: "lobby", level: "none" }]);
  expect(await levels(ben)).toEqual([]);
  await set(ana, "lobby", "all");
  expect(await levels(ana)).toEqual([{ room: "lobby", level: "all" }]);
  // As without a choice: nothing is kept.
  await set(ana, "lobby", "mentions");
  expect(await levels(ana)).toEqual([]);
  expect((await set(ana, "nowhere", "all")).status).toBe(404);
  expect((await set(ana, `p-${"a".repeat(26)}`, "all")).status).toBe(404);
  expect((await set(ana, "lobby", "loud")).status).toBe(400);
});
