/** nginx as the edge: the parts of a request that it lets through, and the form in which it refuses too much: a real gateway's API behind it. */
import { afterAll, beforeAll, expect, it, test } from "vitest";
import { type Api, startApi } from "../gateway/http/testing/start-api.ts";
import { BODY_MS, PROXY_HEADERS_MS } from "../shared/timeouts.ts";
import { type Heard, startEcho, startNginx, type TestNginx } from "./support/nginx.ts";
import { dripTo } from "./support/raw-http.ts";

let api: Api;
let echo: Awaited<ReturnType<typeof startEcho>>;
let edge: TestNginx;
/** nginx before something that says what it hears. */
let heardBy: TestNginx;

beforeAll(async () => {
  [api, echo] = await Promise.all([startApi(), startEcho()]);
  [edge, heardBy] = await Promise.all([startNginx([api.port]), startNginx([echo.port])]);
});
afterAll(async () => {
  await Promise.all([edge.stop(), heardBy.stop()]);
  echo.stop();
  await api.close();
});

const heard = async (headers: Record<string, string>): Promise<Heard> =>
  (await (await fetch(`${heardBy.url}/api/rooms`, { headers })).json()) as Heard;
const statusLine = ({ said }: { said: string }): string => said.split("\r\n")[0] ?? "";

it.each(["/readyz", "/healthz", "/", "/robots.txt", "/api/rooms"])(
  "HTTP/1.0 without a host, as some health checks speak it, is answered: %s",
  async (path) => {
    const [old, now] = [await dripTo(edge.url, `GET ${path} HTTP/1.0\r\n\r\n`), await fetch(edge.url + path)];
    expect(statusLine(old)).toContain(` ${now.status} `);
  },
);

it("a request to /api goes on to the same name and port, whatever they are", async () => {
  for (const path of ["/api", "/assets"]) {
    const { status, headers } = await fetch(edge.url + path, {
      redirect: "manual",
      headers: { host: "chat.example.org" },
    });
    if (status === 301) expect(headers.get("location")).toBe(`${path}/`);
    else expect(status).toBe(404);
  }
  expect((await fetch(`${edge.url}/api`, { redirect: "manual" })).status).toBe(301);
});

const OWN = (n: number): string => `__${n % 2 ? "Host" : "Secure"}-suda_refresh_${n}=${"a".repeat(43)}`;
const FOREIGN = Array.from({ length: 160 }, (_, n) => `app${n}=${"x".repeat(95)}`);

it("of all cookies only Suda's own reach a gateway, in their order and wherever they stand", async () => {
  expect(FOREIGN.join("; ").length).toBeGreaterThan(16_000);
  const own = [`suda_refresh=${"b".repeat(43)}`, ...Array.from({ length: 19 }, (_, n) => OWN(n))];
  for (const at of [0, 3, 160]) {
    const all = FOREIGN.toSpliced(at, 0, ...own.slice(0, 3)).concat(own.slice(3));
    expect((await heard({ cookie: all.join("; ") })).headers.cookie).toBe(own.join("; "));
  }
  const { headers } = await heard({ cookie: `x=${own[0]}; xsuda_refresh=1; suda_refresh_=2; ${FOREIGN[0]}` });
  expect(headers).not.toHaveProperty("cookie");
});

it("a gateway gets the headers that it reads, and no others", async () => {
  const { headers } = await heard({
    ...Object.fromEntries(Array.from({ length: 90 }, (_, n) => [`x-other-${n}`, "x".repeat(40)])),
    ...{ authorization: "Bearer t", origin: "https://a.example", "user-agent": "Test/1.0" },
    ...{ "x-real-ip": "6.6.6.6", "x-forwarded-for": "6.6.6.6" },
  });
  const { host, connection, ...rest } = headers;
  expect([host, connection]).toEqual([new URL(heardBy.url).host, "close"]);
  expect(rest).toEqual({
    ...{ authorization: "Bearer t", origin: "https://a.example", "user-agent": "Test/1.0" },
    ...{ "x-real-ip": "127.0.0.1", "x-unknown-proxy": "1" },
  });
});

it("a page of another address learns that it is refused", async () => {
  const asked = (origin: string) => fetch(`${edge.url}/healthz`, { method: "POST", headers: { origin } });
  const refused = await asked("https://chat.example.org");
  expect([refused.status, await refused.json()]).toEqual([
    403,
    expect.objectContaining({ code: "forbidden" }),
  ]);
  expect((await asked(edge.url)).status).toBe(405);
});

test("sixteen thousand bytes of foreign cookies and a hundred headers hinder nobody", async () => {
  const others = Array.from({ length: 100 }, (_, n) => [`x-other-${n}`, "x".repeat(100)]);
  const headers = { ...Object.fromEntries(others), cookie: FOREIGN.join("; ") };
  expect((await fetch(`${edge.url}/api/rooms`, { headers })).status).toBe(200);
});

test.each([
  [
    "a header of a gateway that is too long",
    "GET /api/rooms",
    { authorization: `Bearer ${"x".repeat(4_000)}` },
    400,
  ],
  ["any header that is far too long", "GET /api/rooms", { "x-long": "x".repeat(40_000) }, 400],
  ["a path that is too long", `GET /api/rooms?q=${"x".repeat(4_000)}`, {}, 400],
  ["a path that is far too long", `GET /${"x".repeat(40_000)}`, {}, 400],
  ["a socket's headers", "GET /ws", { "user-agent": "x".repeat(4_000) }, 400],
  ["a body that is too long", "POST /api/login", { "content-length": "70000" }, 413],
  ["a method that files have not", "POST /", { "content-length": "0" }, 405],
  ["a missing asset", "GET /assets/none.js", {}, 404],
  ["a version that nobody has", "GET /", {}, 400],
])("%s is a problem in our form, and no page with a server's name", async (what, line, headers, status) => {
  const version = what.includes("version") ? "HTTP/3.7" : "HTTP/1.1";
  const lines = Object.entries({ host: "suda", connection: "close", ...headers });
  const { said } = await dripTo(
    edge.url,
    `${line} ${version}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`,
  );
  const [head = "", body = ""] = said.split("\r\n\r\n");
  expect(head).toContain("application/problem+json");
  expect(JSON.parse(body)).toMatchObject({ status });
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
});

it("a whole request has 15 s: a body that drips in is refused by name, and the line is let go", async () => {
  const begin =
    "POST /api/login HTTP/1.1\r\nHost: suda\r\nContent-Length: 100\r\nContent-Type: application/json\r\n\r\n{";
  expect(PROXY_HEADERS_MS + BODY_MS).toBeLessThanOrEqual(15_000);
  const { said, afterMs } = await dripTo(edge.url, begin, " ");
  expect(afterMs).toBeGreaterThan(BODY_MS - 500);
  expect(afterMs).toBeLessThan(BODY_MS + 6_000);
  expect(said).toMatch(/^HTTP\/1\.1 400 .*"code":"invalid".*A body has/s);
});
