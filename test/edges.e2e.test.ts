/** The edges of the cluster: the rights of processes in the stores, the requests that nginx lets in, and the logs. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CLOSE } from "../shared/codes.ts";
import { connectPostgres, type Sql } from "../shared/server/postgres/pool.ts";
import { createLog } from "../shared/server/process/logger.ts";
import { type Commands, openCommands } from "../shared/server/redis/connect.ts";
import { until } from "../shared/until.ts";
import { enter } from "./support/client.ts";
import { startCluster, type TestCluster } from "./support/cluster.ts";
import { dripTo, statusOf } from "./support/raw-http.ts";

const LOG_INS = 20;
let cluster: TestCluster;
let ports: number[] = [];
const at = (gateway: number): string => `http://127.0.0.1:${ports[gateway]}`;

beforeAll(async () => {
  cluster = await startCluster({
    limits: true,
    env: { SUDA_HTTP_LIMITS: `login_ip:${LOG_INS}`, SUDA_MESSAGE_RATE: "1000", SUDA_MESSAGE_BURST: "1000" },
  });
  const { processes } = await cluster.status();
  ports = processes.filter(({ name }) => name.startsWith("gateway-")).map(({ port }) => port);
});
afterAll(() => cluster.stop());

const record = (name: string) => JSON.parse(readFileSync(join(cluster.dir, name), "utf8"));

/** Connects to the store like a process of this kind. */
function postgresAs(kind: "gateway" | "worker"): Sql {
  const url = new URL(cluster.databaseUrl());
  url.username = `suda_${kind}`;
  url.password = record("secrets.json")[`postgres${kind === "gateway" ? "Gateway" : "Worker"}Password`];
  return connectPostgres(url.href, { name: "edges", max: 1 });
}

async function redisAs(kind: "gateway" | "worker" | "operator"): Promise<Commands> {
  const url = new URL(record("runner.json").backends.redisUrl);
  const { redisGatewayPassword, redisWorkerPassword } = record("secrets.json");
  if (kind !== "operator") {
    url.username = kind;
    url.password = kind === "gateway" ? redisGatewayPassword : redisWorkerPassword;
  }
  const redis = openCommands(url.href, "edges", createLog("edges", "silent"));
  await redis.connect();
  return redis;
}

describe("a gateway's role in PostgreSQL", () => {
  let sql: Sql;
  beforeAll(() => {
    sql = postgresAs("gateway");
  });
  afterAll(() => sql.end({ timeout: 1 }));

  test.each([
    "insert into messages (room_id, seq, day, time, kind) values (1, 1, current_date, '00:00', 'message')",
    "update messages set text = 'forged'",
    "delete from messages",
    "truncate messages",
    "drop table messages",
    "alter table messages add column forged text",
    "create table forged (id integer)",
    "create temporary table forged (id integer)",
    "update rooms set last_seq = 0",
    "update rooms set epoch_seq = 0",
    "delete from rooms",
    "insert into deleted_rooms (id, name, last_seq) values (9, 'tea', 9)",
    "delete from users",
    "delete from audit",
    "update audit set act = 'forged'",
    "insert into connections (id) values (gen_random_uuid())",
    "select * from dead_letters",
    "select * from kafka_outbox",
    "delete from kafka_outbox",
    "update kafka_parts set filled_at = null",
    "alter role suda_gateway createdb",
    // Last, because after a success the session would have another role.
    "set role suda_worker",
  ])("may not: %s", async (statement) => {
    // 42501: not allowed
    await expect(sql.unsafe(statement)).rejects.toMatchObject({ code: "42501" });
  });

  test("may read messages, and hold a room while it restores it", async () => {
    expect(await sql`select count(*)::int as count from messages`).toHaveLength(1);
    expect(await sql.begin((tx) => tx`select last_seq from rooms for share`)).not.toHaveLength(0);
  });

  test("the worker's role is no superuser either", async () => {
    const worker = postgresAs("worker");
    await expect(worker`create role forged`).rejects.toMatchObject({ code: "42501" });
    await worker.end({ timeout: 1 });
  });
});

describe("in Redis", () => {
  test.each([
    ["gateway", ["flushall"]],
    ["gateway", ["flushdb"]],
    ["gateway", ["keys", "*"]],
    ["gateway", ["scan", "0"]],
    ["gateway", ["config", "get", "*"]],
    ["gateway", ["shutdown"]],
    ["gateway", ["acl", "list"]],
    ["gateway", ["client", "list"]],
    ["gateway", ["script", "flush"]],
    ["gateway", ["get", "another:key"]],
    ["gateway", ["spublish", "another:channel", "forged"]],
    ["gateway", ["eval", "return redis.call('GET', 'another:key')", "0"]],
    ["worker", ["flushall"]],
    ["worker", ["config", "set", "maxmemory", "1"]],
    ["worker", ["spublish", "suda:{s0}:room:lobby:bus", "forged"]],
    ["worker", ["xadd", "suda:{s0}:room:lobby:log", "*", "e", "forged"]],
  ] as const)("the %s may not %j", async (kind, [command, ...words]) => {
    const redis = await redisAs(kind);
    await expect(redis.call(command, ...words)).rejects.toThrow(/NOPERM|can't (access|run)/);
    redis.disconnect();
  });

  test("nobody may do anything without a password", async () => {
    const { host } = new URL(record("runner.json").backends.redisUrl);
    const { said } = await dripTo(`http://${host}`, "GET suda:x\r\nFLUSHALL\r\nQUIT\r\n");
    expect(said.match(/-NOAUTH/g)).toHaveLength(2);
  });
});

describe("nginx", () => {
  test("headers that never end, and bodies that never come, are cut off within 6 to 30 s", async () => {
    const lines = await Promise.all([
      dripTo(cluster.url, "GET /ws HTTP/1.1\r\nHost: suda\r\n", "X-Slow: 1\r\n"),
      dripTo(cluster.url, "POST /api/login HTTP/1.1\r\nHost: suda\r\nContent-Length: 100\r\n\r\n{"),
    ]);
    for (const { afterMs } of lines) {
      expect(afterMs).toBeGreaterThan(6_000);
      expect(afterMs).toBeLessThan(30_000);
    }
  });

  test("headers and paths beyond what it keeps are refused", async () => {
    const get = (path: string, more: string): string =>
      `GET ${path} HTTP/1.1\r\nHost: suda\r\nConnection: close\r\n${more}\r\n`;
    expect(await statusOf(cluster.url, get("/", `X-Big: ${"x".repeat(40_000)}\r\n`))).toBe(400);
    expect(await statusOf(cluster.url, get(`/${"x".repeat(40_000)}`, ""))).toBe(400);
    expect(await statusOf(cluster.url, get("/", ""))).toBe(200);
  });

  test("browsers are told to stay with TLS behind TLS only", async () => {
    const header = async (headers: Record<string, string>): Promise<string | null> =>
      (await fetch(cluster.url, { headers })).headers.get("strict-transport-security");
    expect(await header({})).toBeNull();
    expect(await header({ "x-forwarded-proto": "https" })).toMatch(/^max-age=\d{7,}/);
  });

  test("a client that invents addresses is still one address to the limits", async () => {
    const statuses: number[] = [];
    for (let n = 0; n <= LOG_INS; n++) {
      const invented = `198.51.100.${n}`;
      const answer = await post(
        "/api/login",
        { email: `nobody-${n}@example.com`, password: "no such" },
        {
          "x-forwarded-for": invented,
          "x-real-ip": invented,
          forwarded: `for=${invented}`,
        },
      );
      statuses.push(answer.status);
      if (n === LOG_INS) expect(Number(answer.headers.get("retry-after"))).toBeLessThanOrEqual(60);
    }
    expect(statuses).toEqual([...Array(LOG_INS).fill(401), 429]);
  });
});

test("of 100 sessions that end at once, each socket on another gateway is closed within 2 s", async () => {
  const [talker, ...ended] = await cluster.mint(101);
  const [speaker, listener] = await Promise.all([
    enter(at(0), { token: talker?.accessToken ?? "" }),
    enter(at(2)),
  ]);
  const sockets = await Promise.all(ended.map(({ accessToken }) => enter(at(2), { token: accessToken })));
  let said = 0;
  const talk = setInterval(() => {
    speaker.say({ type: "send", room: "lobby", clientId: `talk-${said}`, text: `talk ${said++}` });
  }, 10);
  await Promise.all(sockets.map((socket) => socket.sees("message")));

  const late = await Promise.all(
    ended.map(async ({ accessToken }, index) => {
      const answer = await fetch(`${at(1)}/api/logout`, {
        method: "POST",
        headers: { authorization: `Bearer ${accessToken}` },
      });
      expect(answer.status).toBe(204);
      const answered = performance.now();
      expect(await sockets[index]?.closes()).toBe(CLOSE.sessionEnded);
      return performance.now() - answered;
    }),
  );
  clearInterval(talk);
  expect(Math.max(...late)).toBeLessThan(2_000);
  // Meanwhile everybody else could talk.
  await listener.sees("message", ({ clientId }) => clientId === `talk-${said - 1}`);
  for (const client of [speaker, listener]) client.close();
});

test("after a session of use no log holds a password, a token, a message or a query, and nobody asked for too much", async () => {
  const [password, next] = ["a first secret 하나", "a second secret 둘"];
  const email = "edges@example.com";
  const signup = await post("/api/signup", { email, password, nickname: "edges" });
  expect(signup.status).toBe(201);
  // A violated constraint of PostgreSQL writes an error to its log.
  expect((await post("/api/signup", { email, password, nickname: "another" })).status).toBe(409);
  const { accessToken } = (await signup.json()) as { accessToken: string };
  const cookie = signup.headers.get("set-cookie")?.split(";")[0] ?? "";
  await cluster.command("admin", "grant", email, "admin");
  const bearer = { authorization: `Bearer ${accessToken}` };

  const [other] = await cluster.mint(1);
  const client = await enter(cluster.url, { token: other?.accessToken ?? "" });
  client.say({ type: "send", room: "lobby", clientId: "kept", text: "whispered words" });
  const { seq } = await client.sees("ack");
  client.say({ type: "typing", room: "lobby" }, { type: "delete", room: "lobby", seq, clientId: "gone" });
  await client.sees("deleted");

  const asked: [string, string, unknown?][] = [
    ["POST", "/api/rooms", { name: "tea", title: "whispered title" }],
    ["PATCH", "/api/rooms/tea", { slowModeMs: 1_000 }],
    ["GET", "/api/rooms/lobby/messages?limit=200"],
    ["GET", "/api/rooms/lobby/people"],
    ["PATCH", "/api/me", { nickname: "edgy" }],
    ["POST", "/api/me/password", { current: password, next }],
    ["GET", "/api/me/sessions"],
    ["GET", "/api/me/connections"],
    [
      "PUT",
      `/api/users/${other?.user.id}/mute`,
      { untilMs: Date.now() + 60_000, reason: "whispered reason" },
    ],
    ["DELETE", `/api/users/${other?.user.id}/mute`],
    ["PUT", `/api/users/${other?.user.id}/ban`, { reason: "whispered reason" }],
    ["DELETE", `/api/users/${other?.user.id}/ban`],
    ["GET", "/api/reports"],
    ["GET", "/api/audit"],
    ["DELETE", "/api/me/sessions"],
  ];
  for (const [method, path, body] of asked)
    expect((await ask(method, path, body, bearer)).status, path).toBeLessThan(300);
  const refreshed = await post("/api/refresh", undefined, { cookie });
  expect(refreshed.status).toBe(200);
  const close = await ask("DELETE", "/api/me?token=in-a-query", { password: next }, bearer);
  expect(close.status).toBe(204);

  const logs = join(cluster.dir, "logs");
  const read = (name: string): string => readFileSync(join(logs, name), "utf8");
  await until("nginx has written what it was asked last", () =>
    /DELETE \/api\/me[ ?]/.test(read("access.log")),
  );
  const all = readdirSync(logs).map(read).join("\n");
  const tokens = [accessToken, other?.accessToken ?? "", cookie, refreshed.headers.get("set-cookie") ?? ""];
  const secrets = tokens.map((token) => token.split(";")[0]?.split(/[.=]/).at(-1) ?? "");
  for (const secret of ["secret", "whispered", "in-a-query", email, ...secrets]) {
    expect(secret.length).toBeGreaterThan(5);
    expect(all).not.toContain(secret);
  }

  const operator = await redisAs("operator");
  const denied = (await operator.call("acl", "log")) as unknown[];
  operator.disconnect();
  expect(denied.map(String).filter((entry) => !entry.includes("name=edges"))).toEqual([]);
});

function ask(
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${cluster.url}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return ask("POST", path, body, headers);
}
