/** nginx behind a proxy: the word of a trusted one on addresses, and the address that people open. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, test } from "vitest";
import { WebSocket } from "ws";
import { type Front, NO_FRONT, renderFront } from "../infra/nginx/front.ts";
import { renderCompose } from "../infra/nginx/render.ts";
import { type Heard, startEcho, startNginx, type TestNginx } from "./support/nginx.ts";
import { dripTo } from "./support/raw-http.ts";

const LOCAL = ["127.0.0.1", "10.0.0.0/8", "::1"];
let echo: Awaited<ReturnType<typeof startEcho>>;
let trusting: TestNginx;
let strict: TestNginx;

const front = (more: Partial<Front>): { front: Front } => ({ front: { ...NO_FRONT, ...more } });

beforeAll(async () => {
  echo = await startEcho();
  [trusting, strict] = await Promise.all([
    startNginx([echo.port], front({ trusted: LOCAL })),
    startNginx([echo.port]),
  ]);
});
afterAll(async () => {
  await Promise.all([trusting.stop(), strict.stop()]);
  echo.stop();
});

const heard = async (url: string, headers: Record<string, string> = {}): Promise<Heard["headers"]> =>
  ((await (await fetch(`${url}/api/rooms`, { headers })).json()) as Heard).headers;

const TOLD: [Record<string, string>, string][] = [
  [{ "x-forwarded-for": "192.0.2.7" }, "192.0.2.7"],
  [{ "x-forwarded-for": "6.6.6.6, 192.0.2.7" }, "192.0.2.7"],
  [{ "x-forwarded-for": "6.6.6.6, 192.0.2.7, 10.1.2.3, 10.9.9.9" }, "192.0.2.7"],
  [{ "x-forwarded-for": "2001:db8::7" }, "2001:db8::7"],
  [{ "x-forwarded-for": "192.0.2.7", forwarded: "for=6.6.6.6" }, "192.0.2.7"],
  [{ forwarded: "for=192.0.2.7" }, "192.0.2.7"],
  [{ forwarded: "for=6.6.6.6, for=192.0.2.7;proto=https" }, "192.0.2.7"],
  [{ forwarded: 'proto=https; For="192.0.2.7:4711"' }, "192.0.2.7"],
  [{ forwarded: 'for=6.6.6.6,by=10.0.0.1;for="[2001:db8::7]:4711"' }, "2001:db8::7"],
  [{ forwarded: "for=unknown" }, "127.0.0.1"],
  [{ "x-real-ip": "6.6.6.6" }, "127.0.0.1"],
  [{}, "127.0.0.1"],
];

test.each(TOLD)("a trusted proxy that says %j: the client is %s", async (headers, address) => {
  expect((await heard(trusting.url, headers))["x-real-ip"]).toBe(address);
});

test.each(TOLD)("nobody else's word counts: %j", async (headers) => {
  expect((await heard(strict.url, { ...headers, "x-forwarded-proto": "https" }))["x-real-ip"]).toBe(
    "127.0.0.1",
  );
});

it("a gateway hears of a header that nobody may send, and of the scheme from a trusted proxy only", async () => {
  const headers = { "x-forwarded-for": "192.0.2.7", "x-forwarded-proto": "https" };
  expect(await heard(strict.url, headers)).toMatchObject({ "x-unknown-proxy": "1" });
  expect(await heard(strict.url, headers)).not.toHaveProperty("x-forwarded-proto");
  expect(await heard(strict.url)).not.toHaveProperty("x-unknown-proxy");
  expect(await heard(trusting.url, headers)).toMatchObject({ "x-forwarded-proto": "https" });
  expect(await heard(trusting.url, headers)).not.toHaveProperty("x-unknown-proxy");
});

it("two people behind one trusted proxy have limits of their own; made-up addresses without one change nothing", async () => {
  const burst = async (url: string, address: string): Promise<number> => {
    const request = `GET /api/login HTTP/1.1\r\nHost: suda\r\nX-Forwarded-For: ${address}\r\n`;
    const { said } = await dripTo(url, `${`${request}\r\n`.repeat(199)}${request}Connection: close\r\n\r\n`);
    return said.split("HTTP/1.1 200").length - 1;
  };
  expect(await burst(trusting.url, "192.0.2.1")).toBeLessThan(160);
  expect(
    (await fetch(`${trusting.url}/api/login`, { headers: { "x-forwarded-for": "192.0.2.2" } })).status,
  ).toBe(200);
  expect(await burst(strict.url, "192.0.2.1")).toBeLessThan(160);
  const refused = await Promise.all(
    Array.from({ length: 30 }, (_, n) =>
      fetch(`${strict.url}/api/login`, { headers: { "x-forwarded-for": `192.0.2.${n + 10}` } }),
    ),
  );
  expect(refused.map(({ status }) => status)).toContain(429);
});

const V2 = Buffer.concat([
  Buffer.from("\r\n\r\n\0\r\nQUIT\n", "latin1"),
  Buffer.from([0x21, 0x11, 0, 12, 192, 0, 2, 7, 127, 0, 0, 1, 0x12, 0x34, 0, 80]),
]);

test.each([
  ["1", Buffer.from("PROXY TCP4 192.0.2.7 127.0.0.1 4711 80\r\n")],
  ["2", V2],
])(
  "PROXY protocol of version %s tells the address; headers inside are the client's own",
  async (_, begin) => {
    const nginx = await startNginx([echo.port], front({ trusted: LOCAL, proxyProtocol: true }));
    const request = "GET /api/rooms HTTP/1.0\r\nX-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\n\r\n";
    const said = await new Promise<string>((resolve) => {
      let all = "";
      const socket = connect(nginx.port, "127.0.0.1", () =>
        socket.write(Buffer.concat([begin, Buffer.from(request)])),
      );
      socket.on("data", (data) => {
        all += data;
      });
      socket.on("close", () => resolve(all));
    });
    await nginx.stop();
    expect(said).toContain('"x-real-ip":"192.0.2.7"');
    expect(said).not.toContain("6.6.6.6");
    expect(said).not.toContain("https");
  },
);

it("the address that people open is the own one, whatever host a proxy names", async () => {
  const nginx = await startNginx([echo.port], front({ publicUrl: "https://chat.example.org" }));
  const headers = await heard(nginx.url, { origin: "https://chat.example.org" });
  expect(headers).toMatchObject({ host: "chat.example.org", "x-forwarded-proto": "https" });
  const page = await fetch(nginx.url);
  expect(page.headers.get("content-security-policy")).toContain(
    "connect-src 'self' ws://chat.example.org wss://chat.example.org;",
  );
  expect(page.headers.get("strict-transport-security")).toMatch(/^max-age=\d{7,}/);
  await nginx.stop();
});

test.each([
  ["leaves the prefix in the path", "/chat.v2"],
  ["takes the prefix away", ""],
])("below a prefix all is reached by a proxy that %s", async (_, path) => {
  const nginx = await startNginx([echo.port], front({ publicUrl: "https://example.org/chat.v2/" }));
  const get = (rest: string) => fetch(`${nginx.url}${path}${rest}`, { redirect: "manual" });
  const heardOf = async (rest: string) => ((await (await get(rest)).json()) as Heard).url;
  expect(await heardOf("/api/rooms?query=a%2Fb&limit=1")).toBe("/api/rooms?query=a%2Fb&limit=1");
  expect(await heardOf("/readyz")).toBe("/readyz");
  const socket = new WebSocket(`${nginx.url.replace("http", "ws")}${path}/ws`);
  const [frame] = (await once(socket, "message")) as [Buffer];
  socket.close();
  expect(JSON.parse(String(frame))).toMatchObject({ url: "/ws", headers: { host: "example.org" } });
  for (const [rest, status] of [
    ["/", 200],
    ["/r/tea", 200],
    ["/elsewhere", 404],
  ] as const) {
    const page = await get(rest);
    expect([rest, page.status]).toEqual([rest, status]);
    expect(await page.text()).toContain('src="/chat.v2/assets/main.js"');
    expect(page.headers.get("content-security-policy")).toContain("wss://example.org;");
    // The whole host is not only Suda's.
    expect(page.headers.get("strict-transport-security")).toBeNull();
  }
  expect((await get("/assets/gone.js")).headers.get("content-type")).toBe("application/problem+json");
  expect((await get("/api?x=1")).headers.get("location")).toBe("/chat.v2/api/?x=1");
  const bare = await fetch(`${nginx.url}/chat.v2?x=1`, { redirect: "manual" });
  expect(bare.headers.get("location")).toBe("/chat.v2/?x=1");
  expect(await (await fetch(`${nginx.url}/chatXv2/api/rooms`)).text()).toContain("<title>");
  await nginx.stop();
});

it("on all addresses both families answer, and an address of IPv4 looks like one", async () => {
  const nginx = await startNginx([echo.port], { host: "::" });
  expect((await heard(nginx.url))["x-real-ip"]).toBe("127.0.0.1");
  expect((await heard(nginx.url.replace("127.0.0.1", "[::1]")))["x-real-ip"]).toBe("::1");
  await nginx.stop();
});

it("compose writes the same front from the same settings", () => {
  const [conf, out] = [join(strict.folder, "compose.conf"), join(strict.folder, "out.conf")];
  writeFileSync(conf, renderCompose());
  const written = (env: Record<string, string>): string => {
    execFileSync("sh", [join(import.meta.dirname, "../infra/nginx/start.sh"), conf, out], {
      env: { PATH: process.env.PATH, ...env },
    });
    return readFileSync(out, "utf8");
  };
  const frontOf = (text: string): string => /# front begin\n(.*?)\n *# front end/s.exec(text)?.[1] ?? "";
  const nothing = { SUDA_TRUST_PROXY: "", SUDA_PROXY_PROTOCOL: "off", SUDA_PUBLIC_URL: "" };
  expect(written(nothing)).toBe(renderCompose());
  const all = { SUDA_TRUST_PROXY: "10.0.0.0/8,::1", SUDA_PUBLIC_URL: "https://chat.example.org/" };
  const settings = { trusted: ["10.0.0.0/8", "::1"], publicUrl: "https://chat.example.org" };
  const plain = written(all);
  expect(frontOf(plain)).toBe(renderFront({ ...settings, proxyProtocol: false }));
  expect(plain.replace(frontOf(plain), "")).toBe(renderCompose().replace(frontOf(renderCompose()), ""));
  const byProtocol = written({ ...all, SUDA_PROXY_PROTOCOL: "on" });
  expect(frontOf(byProtocol)).toBe(renderFront({ ...settings, proxyProtocol: true }));
  expect(byProtocol).toMatch(/listen 8080 .* proxy_protocol;/);
  const below = { trusted: [], proxyProtocol: false, publicUrl: "https://example.org/chat.v2/" };
  const off = written({ SUDA_OFFLINE: "off" });
  expect(off).toContain("try_files /sw-off.js =404;");
  expect(off.replace("/sw-off.js", "/sw.js")).toBe(renderCompose());
  for (const SUDA_PUBLIC_URL of [below.publicUrl, below.publicUrl.slice(0, -1)])
    expect(frontOf(written({ SUDA_PUBLIC_URL }))).toBe(renderFront(below));
});
