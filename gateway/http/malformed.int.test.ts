import { connect } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { call, newPerson, signUp } from "./testing/client.ts";
import { type Api, startApi } from "./testing/start-api.ts";

let api: Api;
let usersBefore: number;
const countUsers = async (): Promise<number> => (await api.sql`select id from users`).length;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  usersBefore = await countUsers();
});

const person = { email: "ana@example.com", password: "correct horse", nickname: "ana" };
const deep = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);

describe("a body that is not what it should be has no effect and is refused", () => {
  test.each<[string, string | Uint8Array]>([
    ["empty", ""],
    ["not JSON", "email=ana&password=x"],
    ["cut off", JSON.stringify(person).slice(0, -2)],
    ["a number", "7"],
    ["null", "null"],
    ["an array", JSON.stringify([person])],
    ["a string", JSON.stringify(JSON.stringify(person))],
    ["broken UTF-8", Buffer.from([...Buffer.from('{"email":"a'), 0xff, 0xfe, ...Buffer.from('"}')])],
    ["UTF-16", Buffer.from(JSON.stringify(person), "utf16le")],
    ["nested deeply", deep("[", "]", 30_000)],
    ["nested deeply in a field", `{"email":${deep('{"a":', "1}", 5_000).replace("1}", "1}")}}`],
    ["poisoned", `{"__proto__":{"admin":true},${JSON.stringify(person).slice(1)}`],
    ["all in __proto__", `{"__proto__":${JSON.stringify(person)}}`],
    ["control characters", '{"email":"a\u0000b"}'],
  ])("%s", async (_, body) => {
    const { status, body: answer } = await call(api, "POST /api/signup", { body });
    expect([status, answer.code]).toEqual([400, "invalid"]);
    expect(await countUsers()).toBe(usersBefore);
  });

  test.each<[string, Record<string, unknown>, Record<string, string>]>([
    ["nothing", {}, { email: "missing", password: "missing", nickname: "missing" }],
    [
      "numbers",
      { email: 1, password: 2, nickname: 3 },
      { email: "wrong_type", password: "wrong_type", nickname: "wrong_type" },
    ],
    ["null", { ...person, email: null }, { email: "wrong_type" }],
    ["an object", { ...person, password: { $ne: "" } }, { password: "wrong_type" }],
    ["a huge nickname", { ...person, nickname: "a".repeat(10_000) }, { nickname: "too_long" }],
    ["a long password", { ...person, password: "a".repeat(129) }, { password: "too_long" }],
    ["a huge password", { ...person, password: "a".repeat(60_000) }, { password: "too_long" }],
    ["a NUL", { ...person, nickname: "an\u0000a" }, { nickname: "not_allowed" }],
    ["a lone surrogate", { ...person, nickname: "an\ud800a" }, { nickname: "not_allowed" }],
    ["a NUL in the address", { ...person, email: "an\u0000a@example.com" }, { email: "bad_format" }],
  ])("%s in a field", async (_, body, fields) => {
    const { status, body: answer } = await call(api, "POST /api/signup", { body });
    expect([status, answer.code, answer.fields]).toEqual([400, "invalid", fields]);
    expect(await countUsers()).toBe(usersBefore);
  });

  test.each(["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])(
    "the content type %j",
    async (type) => {
      const { status, body } = await call(api, "POST /api/login", {
        body: Buffer.from(JSON.stringify(person)),
        headers: { "content-type": type },
      });
      expect([status, body.code]).toEqual([400, "invalid"]);
    },
  );

  test.each([65_537, 1_000_000, 20_000_000])("%d bytes", async (bytes) => {
    const { status, body } = await call(api, "POST /api/signup", { body: "x".repeat(bytes) });
    expect([status, body.code]).toEqual([413, "too_large"]);
  });

  test("a password, address or name of any odd string is refused or taken, and never breaks anything", async () => {
    const odd = [
      "\ud800",
      "\u0000",
      "'; drop table users; --",
      "{}",
      "%00",
      "\u202e",
      "👩‍👩‍👧‍👦",
      "ﷺ",
      "Z̸̢̧̛͎̼",
      "\r\n",
    ];
    for (const text of odd) {
      for (const field of ["email", "password", "nickname"]) {
        const body = { ...newPerson(), [field]: text.repeat(8) };
        const made = await call(api, "POST /api/signup", { body });
        const entered = await call(api, "POST /api/login", { body });
        expect([201, 400]).toContain(made.status);
        expect(entered.status).toBe(made.status === 201 ? 200 : 401);
      }
    }
  });
});

describe("paths and methods", () => {
  test.each(["/api", "/api/", "/api/nothing", "/api/me/x", "/api/rooms/lobby/x", "/nothing", "/api/%00"])(
    "%s does not exist",
    async (path) => {
      const { status, body } = await call(api, `GET ${path}`);
      expect([status, body.code]).toEqual([404, "not_found"]);
    },
  );

  test.each([
    ["GET /api/login", "POST, OPTIONS"],
    ["DELETE /api/login", "POST, OPTIONS"],
    ["POST /api/me", "GET, HEAD, PATCH, DELETE, OPTIONS"],
    ["PUT /api/rooms", "GET, HEAD, POST, OPTIONS"],
  ])("%s names the methods there are", async (line, allowed) => {
    const { status, body, headers } = await call(api, line);
    expect([status, body.code, headers.get("allow")]).toEqual([405, "method_not_allowed", allowed]);
  });

  test("HEAD answers as GET does, without a body", async () => {
    const { status, body, headers } = await call(api, "HEAD /healthz");
    expect([status, body]).toEqual([200, null]);
    expect(Number(headers.get("content-length"))).toBeGreaterThan(2);
  });
});

describe("bytes that no HTTP client would send", () => {
  /** Writes raw bytes. @returns whether the other side hangs up before it has been silent for `silenceMs`. */
  const raw = (text: string, silenceMs: number): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect(api.port, "127.0.0.1", () => socket.write(text, "latin1"));
      socket.setTimeout(silenceMs, () => {
        resolve(false);
        socket.destroy();
      });
      socket.resume();
      socket.on("error", () => socket.destroy());
      socket.on("close", () => resolve(true));
    });

  const post = (headers: string, body = "") =>
    `POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${headers}\r\n${body}`;

  test.each([
    ["noise", "\u0000\u0001\u00ff\r\n\r\n"],
    ["a length that lies", post("Content-Length: 99999999999999999999\r\n", "{}")],
    ["a negative length", post("Content-Length: -1\r\n", "{}")],
    ["two lengths", post("Content-Length: 2\r\nContent-Length: 5\r\n", "{}")],
    ["chunks that are none", post("Transfer-Encoding: chunked\r\n", "zz\r\n{}\r\n")],
    ["a body that never ends", post("Content-Length: 60000\r\n", "{")],
    ["a hundred requests at once", "GET /api/rooms HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100)],
    [
      "bytes beyond ASCII in headers",
      post("X-Real-Ip: \u00ff\u00fe\r\nUser-Agent: \u00ff\u0001\r\nContent-Length: 2\r\n", "{}"),
    ],
  ])("%s leaves the gateway standing", async (_, text) => {
    await raw(text, 300);
    expect((await call(api, "GET /healthz")).status).toBe(200);
  });

  test.each([
    ["a line without an end", `GET /${"a".repeat(100_000)}`],
    ["headers without an end", `GET / HTTP/1.1\r\n${"x-a: b\r\n".repeat(20_000)}`],
  ])("%s is cut off", async (_, text) => {
    expect(await raw(text, 5_000)).toBe(true);
    expect((await call(api, "GET /healthz")).status).toBe(200);
  });

  test("a client that hangs up in the middle of a log-in harms nobody", async () => {
    const { email, password } = await signUp(api);
    const body = JSON.stringify({ email, password });
    await Promise.all(
      Array.from({ length: 5 }, async () => {
        const socket = connect(api.port, "127.0.0.1");
        await new Promise<void>((resolve) => {
          socket.write(post(`Content-Length: ${body.length}\r\n`, body), () => resolve());
        });
        socket.destroy();
      }),
    );
    expect((await call(api, "POST /api/login", { body: { email, password } })).status).toBe(200);
  });
});
