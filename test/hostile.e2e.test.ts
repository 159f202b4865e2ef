/** Malformed and malicious input on /ws and /api: a named refusal or the documented close code, never a crash or an effect. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Minted } from "../load-tests/support/commands.ts";
import { CLOSE } from "../shared/codes.ts";
import { HELLO_TIMEOUT_MS } from "../shared/timeouts.ts";
import { connect, enter } from "./support/client.ts";
import { startCluster, type TestCluster } from "./support/cluster.ts";
import { rawFrame, rawUpgrade } from "./support/raw-socket.ts";

let cluster: TestCluster;
let gateway = "";
let member: Minted;
let pids: (number | null)[] = [];

const gatewayPids = async (): Promise<(number | null)[]> =>
  (await cluster.status()).processes.filter(({ name }) => name.startsWith("gateway")).map(({ pid }) => pid);

beforeAll(async () => {
  cluster = await startCluster({ gateways: 1 });
  [member] = (await cluster.mint(1)) as [Minted];
  gateway = `http://127.0.0.1:${(await cluster.find("gateway-1")).port}`;
  pids = await gatewayPids();
});
afterAll(async () => {
  // The processes are still those that were started.
  expect(await gatewayPids()).toEqual(pids);
  await cluster.stop();
});

const HELLO = JSON.stringify({ type: "hello", v: 1 });
const authenticated = () => enter(gateway, { token: member.accessToken });

describe("before hello", () => {
  test.each([
    ["nothing that is JSON", "hello"],
    ["half a JSON text", '{"type":"hello"'],
    ["an empty frame", ""],
    ["null", "null"],
    ["a number", "42"],
    ["a string", '"hello"'],
    ["an array of no objects", "[[]]"],
    ["an array with a null", '[{"type":"hello","v":1},null]'],
    ["another frame", '{"type":"ping","id":1}'],
    ["a hello of another version", '{"type":"hello","v":2}'],
    ["a hello with a token that is no string", '{"type":"hello","v":1,"token":5}'],
    ["a hello by prototype", '{"__proto__":{"type":"hello","v":1}}'],
    ["a thousand brackets", "[".repeat(2_000) + "]".repeat(2_000)],
  ])("%s ends the connection with 4400", async (_, frame) => {
    const client = await connect(gateway);
    client.raw(frame);
    expect(await client.closes()).toBe(CLOSE.badFrame);
  });

  test("a binary frame ends the connection with 4400", async () => {
    const client = await connect(gateway);
    client.raw(new TextEncoder().encode(HELLO));
    expect(await client.closes()).toBe(CLOSE.badFrame);
  });

  test("silence ends the connection with 4408", async () => {
    const client = await connect(gateway);
    const since = performance.now();
    expect(await client.closes()).toBe(CLOSE.noHello);
    // The sweep over the sockets runs once a second, and its times are whole milliseconds.
    const after = performance.now() - since;
    expect(after).toBeGreaterThan(HELLO_TIMEOUT_MS - 100);
    expect(after).toBeLessThan(HELLO_TIMEOUT_MS + 3_000);
    expect(client.frames).toEqual([]);
  });

  test.each([["garbage"], ["eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."], ["a.b.c"]])(
    "token %j ends with 4401",
    async (token) => {
      const client = await connect(gateway);
      client.say({ type: "hello", v: 1, token });
      expect(await client.closes()).toBe(CLOSE.sessionEnded);
    },
  );
});

describe("after hello", () => {
  test.each([
    ['{"type":"join"}', "invalid"],
    ['{"type":"join","room":"No Such"}', "invalid"],
    ['{"type":"join","room":"a{b}:c"}', "invalid"],
    ['{"type":"join","room":"nowhere"}', "no_such_room"],
    ['{"type":"join","room":["lobby"]}', "invalid"],
    ['{"type":"join","room":"lobby","since":{"epoch":"e","seq":-1}}', "invalid"],
    ['{"type":"join","room":"lobby","since":{"epoch":"e","seq":1e400}}', "invalid"],
    ['{"type":"join","room":"lobby","since":7}', "invalid"],
    ['{"type":"leave","room":"tea"}', "not_joined"],
    ['{"type":"send","room":"lobby","text":"x"}', "invalid"],
    ['{"type":"send","room":"lobby","clientId":"","text":"x"}', "invalid"],
    ['{"type":"send","room":"lobby","clientId":"a b","text":"x"}', "invalid"],
    ['{"type":"send","room":"lobby","clientId":"x","text":5}', "invalid"],
    ['{"type":"send","room":"lobby","clientId":"x","text":" \\u200b "}', "empty"],
    ['{"type":"send","room":"lobby","clientId":"x","text":"a\\u0000b"}', "invalid"],
    [`{"type":"send","room":"lobby","clientId":"x","text":"${"가".repeat(31)}"}`, "too_long"],
    ['{"type":"send","room":"nowhere","clientId":"x","text":"x"}', "no_such_room"],
    ['{"type":"hello","v":1}', "invalid"],
    ['{"type":"constructor"}', "unknown_type"],
    ['{"type":"__proto__"}', "unknown_type"],
    ['{"type":"toString","room":"lobby"}', "unknown_type"],
    ['{"type":5}', "invalid"],
    ["{}", "invalid"],
    ['{"type":"ping","id":{}}', "invalid"],
    ['{"type":"auth","token":""}', "invalid"],
  ])("%s is refused as %s", async (frame, code) => {
    const client = await authenticated();
    client.raw(frame);
    client.say({ type: "ping", id: "after" });
    await client.sees("pong");
    expect(client.all("refused").map((refused) => refused.code)).toEqual([code]);
    expect(client.messages()).toEqual([]);
    expect(client.closed).toBe(null);
    client.close();
  });

  test("unknown fields are ignored, also those that would be a prototype", async () => {
    const client = await authenticated();
    client.raw(
      '{"type":"ping","id":1,"__proto__":{"type":"send"},"constructor":{"prototype":{}},"extra":[1]}',
    );
    expect(await client.sees("pong")).toEqual({ type: "pong", id: 1 });
    // Only own fields of a frame count.
    client.raw('{"type":"ping","__proto__":{"id":2}}');
    expect(await client.sees("refused")).toMatchObject({ code: "invalid" });
  });

  test("a guest may read and not write", async () => {
    const client = await enter(gateway);
    client.say({ type: "send", room: "lobby", clientId: "g1", text: "hello" });
    expect(await client.sees("refused")).toMatchObject({ code: "unauthenticated", clientId: "g1" });
  });

  test("a frame over the limit ends the connection with 1009, one far beyond is cut", async () => {
    const over = await authenticated();
    over.raw(JSON.stringify({ type: "send", room: "lobby", clientId: "x", text: "x".repeat(5_000) }));
    expect(await over.closes()).toBe(CLOSE.tooBig);
    const beyond = await authenticated();
    beyond.raw("x".repeat(1 << 20));
    expect(await beyond.closes()).toBe(1006);
  });

  test("hundreds of frames in one are too many, and what came before them had its effect in order", async () => {
    const client = await authenticated();
    client.raw(`[${Array(400).fill('{"type":"x"}').join()}]`);
    expect([CLOSE.tooBig, CLOSE.flooding]).toContain(await client.closes());
  });

  test("nothing of all this was said in the room", async () => {
    const client = await authenticated();
    expect(client.joined).toMatchObject({ head: 0, events: [] });
  });
});

describe("on the line itself", () => {
  const hello = { opcode: 1, payload: Buffer.from(HELLO) };
  test.each([
    ["bad UTF-8", Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28])],
    // The library takes the first four bytes for the mask, so the rest is garbage.
    ["an unmasked frame", Buffer.concat([rawFrame({ ...hello, masked: false }), Buffer.alloc(4)])],
    ["reserved bits", Buffer.from([0xf1, 0x80, 0, 0, 0, 0])],
    ["an unknown opcode", Buffer.from([0x83, 0x80, 0, 0, 0, 0])],
    ["a length of a gigabyte", rawFrame({ ...hello, length: 2n ** 30n })],
    ["a length of exabytes", rawFrame({ ...hello, length: 2n ** 63n - 1n })],
    ["a ping of 200 bytes", rawFrame({ opcode: 9, payload: Buffer.alloc(200) })],
  ])("%s ends it", async (_, bytes) => {
    const line = await rawUpgrade(gateway);
    expect(line.status).toBe(101);
    const began = performance.now();
    line.write(bytes);
    await line.ended;
    // A silent socket would be closed later.
    expect(performance.now() - began).toBeLessThan(HELLO_TIMEOUT_MS / 2);
  });

  test.each([
    ["a foreign page", "https://evil.example"],
    ["null", "null"],
    ["a look-alike", "http://127.0.0.1.evil.example"],
  ])("an upgrade from %s is forbidden", async (_, origin) => {
    expect((await rawUpgrade(gateway, { origin })).status).toBe(403);
  });
});

describe("on /api", () => {
  test.each([
    ["no JSON", "{"],
    ["a number", "1"],
    ["an array", "[]"],
    ["nothing", ""],
    ["wrong types", '{"email":[],"password":{},"nickname":1}'],
    ["a deep nest", `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`],
    ["a prototype", '{"__proto__":{"email":"a@b.co","password":"longenough","nickname":"nick"}}'],
  ])("%s is refused as invalid", async (_, body) => {
    const answer = await fetch(`${cluster.url}/api/signup`, {
      method: "POST",
      body,
      headers: { "content-type": "application/json" },
    });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([400, "application/problem+json"]);
    expect(await answer.json()).toMatchObject({ code: "invalid" });
  });
});

describe("a position", () => {
  const ODD = [
    "0",
    "00",
    "-0",
    "-1",
    "1e2",
    "0x10",
    "",
    " ",
    "1.5",
    "NaN",
    "9007199254740992",
    "18446744073709551616",
  ];
  const ROUTES = ["GET /api/rooms/lobby/messages?before=", "POST /api/rooms/lobby/messages/:/report"];

  test.each(ROUTES.flatMap((route) => ODD.map((odd) => [route, odd] as const)))(
    "%s%j is refused, and nothing else happens",
    async (route, odd) => {
      const [method = "", path = ""] = route.split(" ");
      const sent = path.includes(":")
        ? path.replace(":", encodeURIComponent(odd))
        : path + encodeURIComponent(odd);
      const { status } = await fetch(gateway + sent, {
        method,
        headers: { authorization: `Bearer ${member.accessToken}`, "content-type": "application/json" },
        ...(method === "POST" ? { body: JSON.stringify({ reason: "spam" }) } : {}),
      });
      expect(status).toBe(route.includes(":/") && odd === "" ? 404 : 400);
    },
  );

  test.each(["delete", "join"])("of 0 in a %s is no event's, and the line lives", async (type) => {
    const client = await authenticated();
    const room = "lobby";
    if (type === "delete") client.say({ type, room, seq: 0, clientId: "none" });
    client.say({ type: "join", room, since: { epoch: "e", seq: 0 } }, { type: "ping", id: "after" });
    await client.until("the answer", () => client.all("pong")[0]);
    expect(client.all("refused").map(({ code }) => code)).toEqual(type === "delete" ? ["invalid"] : []);
    client.close();
  });

  test.each(["1", "2", "9007199254740991"])("of %s is one", async (seq) => {
    const { status } = await fetch(`${gateway}/api/rooms/lobby/messages?before=${seq}`);
    expect(status).toBe(200);
  });
});
