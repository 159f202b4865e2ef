/** Closing rooms, as members on all gateways see it, and after every failure of Redis. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Minted } from "../load-tests/support/commands.ts";
import type { HistoryAnswer, RoomsAnswer } from "../shared/http-api.ts";
import { connectPostgres } from "../shared/server/postgres/pool.ts";
import { createLog } from "../shared/server/process/logger.ts";
import { openCommands } from "../shared/server/redis/connect.ts";
import { launchBrowser, visit } from "./support/browser.ts";
import { connect, enter } from "./support/client.ts";
import { startCluster, type TestCluster } from "./support/cluster.ts";

let cluster: TestCluster;
let gateways: string[] = [];
let admin: Minted;
let ana: Minted;
let bob: Minted;
let room = "";
let count = 0;

beforeAll(async () => {
  cluster = await startCluster({ gateways: 2, env: { SUDA_ARCHIVE_MS: "300" } });
  gateways = await cluster.gateways();
  [admin, ana, bob] = (await cluster.mint(3)) as [Minted, Minted, Minted];
  const { body } = await ask("GET /api/me", admin);
  await cluster.command("admin", "grant", (body as { user: { email: string } }).user.email, "admin");
});
afterAll(() => cluster.stop());

/** @param at the address of the gateway. */
async function ask(line: string, by: Minted | null, given?: unknown, at = cluster.url) {
  const [method = "", path = ""] = line.split(" ");
  const response = await fetch(`${at}${path}`, {
    method,
    headers: {
      ...(by ? { authorization: `Bearer ${by.accessToken}` } : {}),
      ...(given === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(given === undefined ? {} : { body: JSON.stringify(given) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === "" ? null : JSON.parse(text)) as unknown };
}
const make = async (name: string): Promise<void> => {
  expect((await ask("POST /api/rooms", ana, { name, title: name })).status).toBe(201);
};
/** A new room with a member on each gateway. */
async function inhabited() {
  room = `closing-${++count}`;
  await make(room);
  const [here, there] = [
    await enter(gateways[0] ?? "", { token: ana.accessToken, room }),
    await enter(gateways[1] ?? "", { token: bob.accessToken, room }),
  ];
  return { here, there };
}
type Member = Awaited<ReturnType<typeof enter>>;
let sent = 0;
/** @returns the seq, or the refusal's code. */
async function say(member: Member, text: string, to = room): Promise<number | string> {
  const clientId = `c${++sent}`;
  member.say({ type: "send", room: to, clientId, text });
  const answer = await member.until("an answer", () =>
    member.frames.find(
      (each) => (each.type === "ack" || each.type === "refused") && each.clientId === clientId,
    ),
  );
  return answer.type === "ack" ? answer.seq : answer.type === "refused" ? answer.code : "?";
}
/** @returns the code with which a join is refused. */
async function joinRefusal(at: string, since?: { epoch: string; seq: number }): Promise<string> {
  const client = await connect(at);
  client.say({ type: "hello", v: 1 }, { type: "join", room, ...(since ? { since } : {}) });
  const { code } = await client.sees("refused");
  client.close();
  return code;
}
const texts = ({ events }: HistoryAnswer) =>
  events.map((event) => (event.type === "message" ? event.text : event.type === "notice" ? event.code : ""));

test("an archived room is told to all who are in it, takes nothing more, and is read on and opened again", async () => {
  const { here, there } = await inhabited();
  await say(here, "one");
  const seq = await say(there, "two");
  expect((await ask(`DELETE /api/rooms/${room}`, ana)).status).toBe(403);
  expect((await ask(`DELETE /api/rooms/${room}`, admin)).status).toBe(204);
  for (const member of [here, there]) {
    await member.sees("closed", (frame) => frame.room === room && frame.code === "room_archived");
    const kinds = member.frames.map((frame) => (frame.type === "notice" ? frame.code : frame.type));
    expect(kinds.indexOf("room_closed")).toBeGreaterThan(-1);
    expect(kinds.indexOf("room_closed")).toBeLessThan(kinds.indexOf("closed"));
    expect(await say(member, "three")).toBe("room_archived");
  }
  const since = { epoch: here.joined.epoch, seq: Number(seq) };
  for (const at of gateways) {
    expect(await joinRefusal(at)).toBe("room_archived");
    expect(await joinRefusal(at, since)).toBe("room_archived");
    const { body } = await ask(`GET /api/rooms/${room}/messages`, null, undefined, at);
    expect(texts(body as HistoryAnswer)).toEqual(["one", "two", "room_closed"]);
  }
  expect((await ask(`DELETE /api/rooms/${room}/archive`, admin)).status).toBe(204);
  here.say({ type: "join", room, since });
  const again = await here.sees("joined", ({ epoch }) => epoch !== since.epoch);
  expect([again.recovered, texts({ events: again.events, more: false })]).toEqual([
    true,
    ["room_closed", "room_reopened"],
  ]);
  expect(await say(here, "four")).toBeGreaterThan(Number(seq));
});

test("every message sent during the deletion of a room gets its answer by name, and then the room is gone for good", async () => {
  const { here, there } = await inhabited();
  expect(await say(here, "before")).toBeGreaterThan(0);
  const { epoch } = here.joined;
  const answers = [here, there].map(async (member) => {
    const got: (number | string)[] = [];
    for (let n = 0; n < 2_000 && typeof (got.at(-1) ?? 0) === "number"; n++)
      got.push(await say(member, `m${n}`));
    return got;
  });
  expect((await ask(`DELETE /api/rooms/${room}?history=deleted`, admin)).status).toBe(204);
  for (const got of await Promise.all(answers)) {
    expect(["no_such_room", "not_joined"]).toContain(got.at(-1));
    expect(got.slice(0, -1).every((answer) => typeof answer === "number")).toBe(true);
  }
  await Promise.all(
    [here, there].map((member) => member.sees("closed", ({ code }) => code === "no_such_room")),
  );

  const isGone = async (): Promise<void> => {
    for (const at of gateways) {
      expect(await joinRefusal(at)).toBe("no_such_room");
      expect(await joinRefusal(at, { epoch, seq: 1 })).toBe("no_such_room");
      expect((await ask(`GET /api/rooms/${room}/messages`, null, undefined, at)).status).toBe(404);
      const { body } = await ask(`GET /api/rooms?query=${room}`, null, undefined, at);
      expect((body as RoomsAnswer).rooms).toEqual([]);
    }
    expect(await say(here, "after")).toBe("no_such_room");
  };
  await isGone();

  const { backends } = JSON.parse(readFileSync(join(cluster.dir, "runner.json"), "utf8"));
  const redis = openCommands(backends.redisUrl, "test", createLog("test", "silent"));
  await redis.connect();
  await redis.flushall();
  redis.disconnect();
  await isGone();

  await make(room);
  for (const at of gateways) {
    const newcomer = await connect(at);
    newcomer.say(
      { type: "hello", v: 1, token: ana.accessToken },
      { type: "join", room, since: { epoch, seq: 1 } },
    );
    const joined = await newcomer.sees("joined");
    expect([joined.recovered, joined.events.filter(({ type }) => type === "message")]).toEqual([false, []]);
    newcomer.close();
  }
  const late = await enter(gateways[0] ?? "", { token: ana.accessToken, room });
  expect(await say(late, "anew")).toBeGreaterThan(1_000_000);
  await late.sees("presence", ({ head, stored }) => head === stored && head > 1_000_000);
});

test("a page with a list of rooms gets news of rooms created and closed on any gateway, and no other page does", async () => {
  const [hearing, other] = [await connect(gateways[0] ?? ""), await connect(gateways[0] ?? "")];
  hearing.say({ type: "hello", v: 1, rooms: true });
  other.say({ type: "hello", v: 1 });
  await Promise.all([hearing.sees("welcome"), other.sees("welcome")]);
  const name = `news-${++count}`;
  const made = await ask("POST /api/rooms", bob, { name, title: "New" }, gateways[1]);
  expect(made.status).toBe(201);
  const { rooms } = await hearing.sees("rooms", (frame) => frame.rooms.some((each) => each.name === name));
  expect(rooms.find((each) => each.name === name)).toEqual({ name, title: "New", slowModeMs: 0, people: 0 });
  await ask(`DELETE /api/rooms/${name}`, admin, undefined, gateways[1]);
  await hearing.sees("rooms", ({ gone }) => gone.includes(name));
  expect(other.all("rooms")).toEqual([]);
});

test("a gateway whose bus is dead learns that a room is closed", async () => {
  const { here, there } = await inhabited();
  await say(here, "one");
  const { backends } = JSON.parse(readFileSync(join(cluster.dir, "runner.json"), "utf8"));
  const redis = openCommands(backends.redisUrl, "test", createLog("test", "silent"));
  await redis.connect();
  const cutting = setInterval(() => void redis.call("client", "kill", "type", "pubsub"), 50);
  try {
    expect((await ask(`DELETE /api/rooms/${room}?history=deleted`, admin)).status).toBe(204);
    await vi.waitFor(
      () => {
        for (const member of [here, there])
          expect(member.all("closed").map(({ code }) => code)).toContain("no_such_room");
      },
      { timeout: 10_000 },
    );
  } finally {
    clearInterval(cutting);
    redis.disconnect();
  }
});

test("of 2,000 rooms a page shows what one can look over, finds the others, and learns of a closed one by itself", async () => {
  const sql = connectPostgres(cluster.databaseUrl(), { name: "test", max: 1 });
  await sql`
    insert into rooms (name, title)
    select 'r-' || lpad(n::text, 5, '0'), case when n = 1999 then '고양이 모임' else 'Room ' || n end
    from generate_series(1, 2000) n`;
  await sql.end();
  const answer = await fetch(`${cluster.url}/api/rooms`);
  expect((await answer.arrayBuffer()).byteLength).toBeLessThan(8_000);

  const browser = await launchBrowser();
  try {
    const { page, signUp, isLive, complaints } = await visit(browser, cluster.url, {
      locale: "en-GB",
    });
    const email = await signUp("Ada Byron");
    await cluster.command("admin", "grant", email, "admin");
    const height = () => page.locator(".rooms").evaluate(({ scrollHeight }) => scrollHeight);
    await page.locator(".room-link").nth(20).waitFor();
    expect(await height()).toBeLessThan(2_500);
    const more = page.getByRole("button", { name: "More rooms" });
    for (let shown = 30; shown < 150; shown += 30) {
      await more.click();
      await page
        .locator(".room-link")
        .nth(shown + 20)
        .waitFor();
    }
    await more.waitFor({ state: "detached" });
    expect(await height()).toBeLessThan(9_000);

    await page.locator(".room-search").fill("모임");
    await page.locator(".room-link", { hasText: "고양이 모임" }).click();
    await isLive();
    await page.locator("#message").waitFor();
    await page.locator(".room-search").fill("");
    const noted = page.waitForResponse((response) => response.url().endsWith("/api/me/rooms/r-00005"));
    await page.goto(`${cluster.url}/r/r-00005`);
    await page.locator(".room-link[aria-current]", { hasText: "Room 5" }).waitFor();
    await noted;
    await page.goto(cluster.url);
    const names = page.locator(".room-list").first().locator(".room-title");
    await vi.waitFor(
      async () => expect(await names.allInnerTexts()).toEqual(["Lobby", "Room 5", "고양이 모임"]),
      {
        timeout: 10_000,
      },
    );

    await page.locator(".room-link", { hasText: "Room 5" }).click();
    await page.getByRole("button", { name: "Room settings" }).click();
    await page.getByRole("button", { name: "Close this room…" }).click();
    await page.locator("input[value=deleted]").check();
    await page.locator(".dialog input[name=name]").fill("r-00005");
    await page.getByRole("button", { name: "Delete the room for ever" }).click();
    await page.getByText("Room 5\u2069 was deleted by an admin.").waitFor();
    await expect.poll(() => names.allInnerTexts()).toEqual(["Lobby", "고양이 모임"]);
    expect(page.url()).toBe(`${cluster.url}/`);
    // A question about the room in the moment of its end finds nothing.
    expect(complaints.filter((each) => !each.includes("404"))).toEqual([]);
  } finally {
    await browser.close();
  }
});
