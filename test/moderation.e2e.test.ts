/** Acts of moderators, admins and the users themselves on accounts, as all sockets on all gateways see them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { CLIENT_FRAMES } from "../shared/client-frames.ts";
import type { AuditAnswer, HistoryAnswer, ReportsAnswer } from "../shared/http-api.ts";
import type { ServerFrame } from "../shared/server-frames.ts";
import { connect, enter } from "./support/client.ts";
import { startCluster, type TestCluster } from "./support/cluster.ts";
import { createPeople, type Person, SHOUTS, say } from "./support/people.ts";

let cluster: TestCluster;
let gateways: string[] = [];
let moderator: Person;
let admin: Person;
const gateway = (index: number): string => gateways[index] as string;

beforeAll(async () => {
  cluster = await startCluster({ gateways: 2, env: { SUDA_ARCHIVE_MS: "300" } });
  gateways = await cluster.gateways();
  [moderator, admin] = [await signUp("Mo the Wise"), await signUp("Ada the Strict")];
  await cluster.command("admin", "grant", moderator.user.email, "moderator");
  await cluster.command("admin", "grant", admin.user.email, "admin");
});
afterAll(() => cluster.stop());

const { ask, signUp, logIn } = createPeople(() => cluster.url);
const inAMinute = (): number => Date.now() + 60_000;

test("a new nickname is one notice in each room, and the name of the next message on every gateway", async () => {
  const ana = await signUp("Ana of old");
  const here = await enter(gateway(0), { token: ana.accessToken });
  const there = await enter(gateway(1), { token: ana.accessToken });
  const reader = await enter(gateway(1));
  await ask("PATCH /api/me", ana, { nickname: "Ana anew" });
  const notice = await reader.sees("notice", ({ code }) => code === "renamed");
  expect(notice).toMatchObject({ user: { id: ana.user.id, nickname: "Ana anew" }, before: "Ana of old" });
  const seq = await say(there, "hello again");
  expect((await reader.sees("message", (each) => each.seq === seq)).user.nickname).toBe("Ana anew");
  await here.sees("message", (each) => each.seq === seq);
  expect(reader.all("notice").filter(({ code }) => code === "renamed")).toHaveLength(1);
  const { body } = await ask("GET /api/rooms/lobby/messages", null);
  expect((body as unknown as HistoryAnswer).events).toContainEqual(notice);
});

test("a mute reaches all sockets of the user and their room, and holds on every gateway until it is lifted", async () => {
  const ana = await signUp();
  const here = await enter(gateway(0), { token: ana.accessToken });
  const there = await enter(gateway(1), { token: ana.accessToken });
  const reader = await enter(gateway(0));
  const until = inAMinute();
  await ask(`PUT /api/users/${ana.user.id}/mute`, moderator, { untilMs: until, reason: "too loud" });
  for (const socket of [here, there])
    expect(await socket.sees("restricted")).toMatchObject({ reason: "too loud", until });
  expect(await reader.sees("notice", ({ code }) => code === "muted")).toMatchObject({
    user: { id: ana.user.id },
    reason: "too loud",
    until,
  });
  expect([await say(here, "may I?"), await say(there, "may I?")]).toEqual(["muted", "muted"]);
  const again = await connect(gateway(1));
  again.say({ type: "hello", v: 1, token: ana.accessToken });
  expect((await again.sees("welcome")).restricted).toEqual({ reason: "too loud", until });
  await ask(`DELETE /api/users/${ana.user.id}/mute`, moderator);
  for (const socket of [here, there]) await socket.sees("restricted", (frame) => frame.until === null);
  expect(await say(there, "thank you")).toBeTypeOf("number");
});

test("nothing that a muted person says is shown to others, but that a message of theirs is gone", async () => {
  const ana = await signUp();
  const before = await enter(gateway(0), { token: ana.accessToken });
  const own = Number(await say(before, "said before"));
  before.close();
  const reader = await enter(gateway(1), { token: admin.accessToken });
  await ask(`PUT /api/users/${ana.user.id}/mute`, moderator, { untilMs: inAMinute() });
  const muted = await connect(gateway(0));
  expect(Object.keys(SHOUTS).toSorted()).toEqual(Object.keys(CLIENT_FRAMES).toSorted());
  muted.say(...Object.values(SHOUTS).map((shout) => shout(own, ana.accessToken)));
  await muted.sees("pong");
  const end = await say(reader, "the end");
  await reader.sees("message", ({ seq }) => seq === end);
  const about = reader.frames.filter((frame) => JSON.stringify(frame).includes(ana.user.id));
  const old = (frame: ServerFrame) =>
    frame.type === "joined" || (frame.type === "message" && frame.seq === own);
  expect(about.filter((frame) => !old(frame)).map(({ type }) => type)).toEqual(["notice", "deleted"]);
  expect(JSON.stringify(reader.frames)).not.toContain("SHOUTED");
});

test("a ban closes all sockets with 4403, and neither old tokens nor the password open new ones", async () => {
  const ana = await signUp();
  const other = await logIn(ana);
  const sockets = [
    await enter(gateway(0), { token: ana.accessToken }),
    await enter(gateway(1), { token: other.accessToken }),
  ];
  const since = performance.now();
  const ban = { reason: "x", until: inAMinute() };
  const { status } = await ask(`PUT /api/users/${ana.user.id}/ban`, admin, {
    untilMs: ban.until,
    reason: "x",
  });
  expect(status).toBe(204);
  expect(await Promise.all(sockets.map((socket) => socket.closes()))).toEqual([4403, 4403]);
  for (const { frames } of sockets) expect(frames.at(-1)).toEqual({ type: "banned", ...ban });
  expect(performance.now() - since).toBeLessThan(2_000);
  for (const url of gateways) {
    const again = await connect(url);
    again.say({ type: "hello", v: 1, token: ana.accessToken });
    expect(await again.closes()).toBe(4403);
    expect(again.frames).toEqual([{ type: "banned", ...ban }]);
  }
  expect((await ask("POST /api/refresh", null, undefined, other.cookie)).body).toMatchObject({
    code: "banned",
    ...ban,
  });
  const { email } = ana.user;
  expect((await ask("POST /api/login", null, { email, password: ana.password })).body).toMatchObject({
    code: "banned",
    ...ban,
  });
  await ask(`DELETE /api/users/${ana.user.id}/ban`, admin);
  const back = await enter(gateway(1), { token: (await logIn(ana)).accessToken });
  expect(await say(back, "I am back")).toBeTypeOf("number");
});

test("a new password closes the sockets of the other sessions within two seconds, and nothing reaches them after", async () => {
  const ana = await signUp();
  const other = await logIn(ana);
  const mine = await enter(gateway(0), { token: ana.accessToken });
  const others = await enter(gateway(1), { token: other.accessToken });
  const body = { current: ana.password, next: "quite another" };
  const since = performance.now();
  expect((await ask("POST /api/me/password", ana, body)).status).toBe(204);
  expect(await others.closes()).toBe(4401);
  expect(performance.now() - since).toBeLessThan(2_000);
  const seq = await say(mine, "still here");
  expect(others.messages().map((each) => each.seq)).not.toContain(seq);
  expect((await ask("GET /api/me", other)).status).toBe(401);
});

test("a session that is ended from another device is over there", async () => {
  const ana = await signUp();
  const other = await logIn(ana);
  const socket = await enter(gateway(1), { token: other.accessToken });
  const { body } = await ask("GET /api/me/sessions", ana);
  const sessions = body?.sessions as { id: string; current: boolean }[];
  const foreign = sessions.find(({ current }) => !current);
  expect((await ask(`DELETE /api/me/sessions/${foreign?.id}`, ana)).status).toBe(204);
  expect(await socket.closes()).toBe(4401);
});

test("a closed account leaves its messages under a neutral name, in memory, in Redis and in the archive", async () => {
  const ana = await signUp("Ana who left");
  const socket = await enter(gateway(0), { token: ana.accessToken });
  const seq = await say(socket, "remember me");
  expect((await ask("DELETE /api/me", ana, { password: ana.password })).status).toBe(204);
  expect(await socket.closes()).toBe(4401);
  const late = connect(gateway(0));
  (await late).say({ type: "hello", v: 1, token: ana.accessToken });
  expect(await (await late).closes()).toBe(4401);
  for (const url of gateways) {
    await vi.waitFor(
      async () => {
        const { joined, close } = await enter(url);
        close();
        const kept = joined.events.find((event) => event.seq === seq);
        expect(kept).toMatchObject({
          text: "remember me",
          user: { id: ana.user.id, nickname: "closed account" },
        });
        expect(JSON.stringify(joined.events)).not.toContain("Ana who left");
      },
      { timeout: 5_000 },
    );
    const history = await (await fetch(`${url}/api/rooms/lobby/messages?limit=200`)).text();
    expect(history).toContain("remember me");
    expect(history).not.toContain("Ana who left");
  }
});

test("slow mode holds at once on every gateway, and the room is told", async () => {
  await ask("POST /api/rooms", admin, { name: "slow", title: "Slow" });
  const ana = await signUp();
  const here = await enter(gateway(0), { token: ana.accessToken, room: "slow" });
  const there = await enter(gateway(1), { token: ana.accessToken, room: "slow" });
  expect((await ask("PATCH /api/rooms/slow", moderator, { slowModeMs: 60_000 })).status).toBe(200);
  expect(await there.sees("notice")).toMatchObject({ code: "slow_mode", slowModeMs: 60_000 });
  expect(await say(here, "one")).toBeTypeOf("number");
  expect(await say(there, "two")).toBe("slow_mode");
});

test("a moderator's deletion is on record, as every other act is", async () => {
  const ana = await signUp();
  const author = await enter(gateway(0), { token: ana.accessToken });
  const seq = (await say(author, "something rude")) as number;
  const cleaner = await enter(gateway(1), { token: moderator.accessToken });
  cleaner.say({ type: "delete", room: "lobby", seq, clientId: "clean" });
  await cleaner.sees("ack", ({ clientId }) => clientId === "clean");
  await vi.waitFor(
    async () => {
      const { acts } = (await ask("GET /api/audit?limit=200", moderator)).body as unknown as AuditAnswer;
      expect(acts).toContainEqual(
        expect.objectContaining({
          act: "delete",
          room: "lobby",
          seq,
          by: expect.objectContaining({ id: moderator.user.id }),
        }),
      );
      expect(new Set(acts.map(({ act }) => act))).toEqual(
        new Set(["role", "mute", "unmute", "ban", "unban", "room", "delete"]),
      );
    },
    { timeout: 10_000 },
  );
});

test("a command of the operator takes effect at once in running gateways", async () => {
  const ana = await signUp();
  const socket = await enter(gateway(1), { token: ana.accessToken });
  expect((await ask("GET /api/audit", ana)).status).toBe(403);
  await cluster.command("admin", "grant", ana.user.email, "moderator");
  const notice = await socket.sees("notice", ({ user }) => user?.id === ana.user.id);
  expect(notice).toMatchObject({ code: "role", role: "moderator" });
  expect((await ask("GET /api/audit", ana)).status).toBe(200);
  const again = await connect(gateway(0));
  again.say({ type: "hello", v: 1, token: ana.accessToken });
  expect((await again.sees("welcome")).user?.role).toBe("moderator");
  const notified = await cluster.command("admin", "reset-password", ana.user.email);
  const password = /: (\S+)\n/.exec(notified)?.[1] ?? "";
  expect(await socket.closes()).toBe(4401);
  expect((await ask("POST /api/login", null, { email: ana.user.email, password })).status).toBe(200);
});

test("no log holds a token, a password or what somebody said", async () => {
  const ana = await signUp();
  const member = await enter(gateway(0), { token: ana.accessToken });
  const seq = await say(member, "a secret of mine");
  await ask(`POST /api/rooms/lobby/messages/${seq}/report`, admin, { reason: "reported in secret" });
  member.say({ type: "delete", room: "lobby", seq: Number(seq), clientId: "regret" });
  await member.sees("ack", ({ clientId }) => clientId === "regret");
  const reports = (await ask("GET /api/reports", moderator)).body as unknown as ReportsAnswer;
  expect(reports.reports[0]).toMatchObject({ seq, text: "a secret of mine", reason: "reported in secret" });
  await ask("POST /api/login", null, { email: ana.user.email, password: "a wrong secret" });
  await ask("GET /api/in-the-path?token=in-the-address", ana);
  // nginx buffers its log lines for a while.
  await vi.waitFor(
    () => expect(readFileSync(join(cluster.dir, "logs/access.log"), "utf8")).toContain("/api/in-the-path"),
    { timeout: 10_000 },
  );
  const logs = readdirSync(cluster.dir, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".log"),
  );
  expect(logs.some((name) => name.includes("gateway")) && logs.some((name) => name.includes("nginx"))).toBe(
    true,
  );
  const secrets = [
    ana.accessToken,
    ana.cookie.split("=")[1],
    ana.password,
    "secret of mine",
    "reported in secret",
    "a wrong secret",
    "in-the-address",
  ];
  for (const name of logs) {
    const text = readFileSync(join(cluster.dir, name), "utf8");
    expect([name, secrets.filter((secret) => secret && text.includes(secret))]).toEqual([name, []]);
  }
});
