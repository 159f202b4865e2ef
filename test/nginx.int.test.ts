import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { nginxCommand } from "../infra/local/stores/nginx.ts";
import { run } from "../infra/local/supervise/run.ts";
import { type ServerProcess, spawnServer } from "../infra/local/supervise/server-process.ts";
import { MAX_FILES } from "../infra/nginx/capacity.ts";
import { NO_FRONT } from "../infra/nginx/front.ts";
import { renderCompose, renderLocal } from "../infra/nginx/render.ts";
import { freePort } from "../load-tests/support/free-port.ts";
import { until } from "../shared/until.ts";
import { dripTo } from "./support/raw-http.ts";

const folder = mkdtempSync(join(tmpdir(), "suda-nginx-"));
const root = join(folder, "web");
const conf = join(folder, "nginx.conf");
const PAGE = "<!doctype html><title>Suda</title>";
const asRoot = process.getuid?.() === 0;
let seen: { headers: IncomingHttpHeaders; url: string | undefined }[] = [];
let gateway: Server;
let nginx: ServerProcess;
let url = "";
let settings: Parameters<typeof renderLocal>[0];
/** The port at which nginx expects a second gateway. */
let otherPort = 0;

beforeAll(async () => {
  mkdirSync(join(root, "assets"), { recursive: true });
  writeFileSync(join(root, "index.html"), PAGE);
  writeFileSync(join(root, "robots.txt"), "User-agent: *\n");
  writeFileSync(join(root, "assets/main-ABCDEFGH.js"), `// ${"chat ".repeat(400)}`);
  gateway = createServer((request, response) => {
    seen.push({ headers: request.headers, url: request.url });
    response.end("gateway");
  });
  const [port, internalPort, gatewayPort, closedPort] = await Promise.all([1, 2, 3, 4].map(() => freePort()));
  if (!port || !internalPort || !gatewayPort || !closedPort) throw new Error("no ports");
  await new Promise<void>((resolve) => gateway.listen(gatewayPort, "127.0.0.1", resolve));
  const gatewayPorts = [gatewayPort, closedPort];
  otherPort = closedPort;
  const accessLog = join(folder, "access.log");
  settings = {
    host: "127.0.0.1",
    port,
    internalPort,
    gatewayPorts,
    root,
    folder,
    accessLog,
    generation: 7,
    asRoot,
    limits: true,
    front: NO_FRONT,
    files: MAX_FILES,
  };
  writeFileSync(conf, renderLocal(settings));
  nginx = await spawnServer(nginxCommand(conf, folder), { logFile: join(folder, "nginx.log") });
  url = `http://127.0.0.1:${port}`;
  await until("nginx answers", async () => (await fetch(url)).ok);
});

afterAll(async () => {
  await nginx.stop("SIGTERM", 5_000);
  gateway.closeAllConnections();
  gateway.close();
  rmSync(folder, { recursive: true, force: true });
});

const accepted = async (text: string): Promise<void> => {
  const file = join(folder, "check.conf");
  writeFileSync(file, text);
  const { command, args } = nginxCommand(file, folder);
  await run({ command, args: [...args, "-t", "-q"] });
};

it("nginx accepts the local configuration, whatever the number of gateways and the address", async () => {
  await accepted(renderLocal(settings));
  await accepted(renderLocal({ ...settings, host: "::1", gatewayPorts: [20_001] }));
});

it("nginx accepts the configuration for compose", async () => {
  // nginx knows `resolve` since 1.27.3, and the installed one may be older; it also must not look up Docker's names.
  // Standard output is a socket here, which cannot be opened by its name.
  const here = renderCompose()
    .replace("gateway:9001 resolve", "127.0.0.1:9001")
    .replace("/dev/stdout", "access.log");
  await accepted(here);
});

it("nginx refuses a broken configuration, so the checks above can fail", async () => {
  await expect(accepted(renderLocal(settings).replace("zone gateways", "zone"))).rejects.toThrow("nginx");
});

it("a gateway hears the client's address from nginx alone", async () => {
  seen = [];
  await fetch(`${url}/api/rooms?limit=1`, {
    headers: { "x-real-ip": "6.6.6.6", "x-forwarded-for": "6.6.6.6" },
  });
  expect(seen[0]?.headers["x-real-ip"]).toBe("127.0.0.1");
  expect(JSON.stringify(seen[0]?.headers)).not.toContain("6.6.6.6");
  expect(seen[0]?.url).toBe("/api/rooms?limit=1");
  expect(seen[0]?.headers.host).toBe(new URL(url).host);
});

const saidOf = async (text: string, headers: Record<string, string>): Promise<string | undefined> => {
  const [port, internalPort] = await Promise.all([freePort(), freePort()]);
  const own = join(folder, "other.conf");
  writeFileSync(
    own,
    text
      .replace("listen 8080", `listen 127.0.0.1:${port}`)
      .replace("127.0.0.1:8081", `127.0.0.1:${internalPort}`),
  );
  const other = await spawnServer(nginxCommand(own, folder), { logFile: join(folder, "other.log") });
  try {
    await until("the other nginx answers", async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok);
    seen = [];
    await fetch(`http://127.0.0.1:${port}/api/rooms`, { headers });
    return seen[0]?.headers["x-forwarded-proto"] as string | undefined;
  } finally {
    await other.stop("SIGTERM", 5_000);
  }
};

it("the scheme is a trusted proxy's to tell, and nobody else's", async () => {
  seen = [];
  await fetch(`${url}/api/rooms`, { headers: { "x-forwarded-proto": "https" } });
  expect(seen[0]?.headers).not.toHaveProperty("x-forwarded-proto");

  const here = renderCompose()
    .replace("gateway:9001 resolve", `127.0.0.1:${settings.gatewayPorts[0]}`)
    .replace("/dev/stdout", join(folder, "other-access.log"))
    .replace("/tmp/nginx.pid", join(folder, "other.pid"))
    .replaceAll("_temp_path /tmp/", `_temp_path ${folder}/other-`);
  const trusting = here.replace(
    "include /etc/nginx/suda.d/*.conf;",
    "set_real_ip_from 127.0.0.1; real_ip_header X-Forwarded-For;",
  );
  const notified = { "x-forwarded-for": "192.0.2.7", "x-forwarded-proto": "https" };
  expect(await saidOf(here, notified)).toBeUndefined();
  expect(await saidOf(trusting, notified)).toBe("https");
  expect(await saidOf(trusting, { ...notified, "x-forwarded-proto": "http" })).toBe("http");
  expect(await saidOf(trusting, { ...notified, "x-forwarded-proto": "gopher" })).toBeUndefined();
  expect(await saidOf(trusting, { "x-forwarded-proto": "https" })).toBeUndefined();
});

it("a gateway that does not listen costs no request", async () => {
  const answers = await Promise.all(Array.from({ length: 40 }, () => fetch(`${url}/api/rooms`)));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 40 }, () => 200));
});

const asked = async (path: string): Promise<unknown[]> => {
  const answer = await fetch(url + path);
  return [answer.status, answer.headers.get("content-type")?.split(";")[0], await answer.text()];
};

it.each(["/", "/?from=there", "/r/lobby", "/r/no-such-room", "/r/%ec%88%98%eb%8b%a4"])(
  "the page is served at %s, and asked for anew each time",
  async (path) => {
    expect(await asked(path)).toEqual([200, "text/html", PAGE]);
    expect((await fetch(url + path)).headers.get("cache-control")).toBe("no-cache");
  },
);

it.each([
  "/rooms/lobby",
  "/r",
  "/rx",
  "/favicon.ico",
  "/sitemap.xml",
  "/wp-login.php",
  "/.env",
  "/index.html/x",
])("a missing path is 404, with the page as a way on: %s", async (path) => {
  expect(await asked(path)).toEqual([404, "text/html", PAGE]);
  const { headers } = await fetch(url + path);
  expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(headers.get("cache-control")).toBeNull();
});

it("files beside the page are themselves", async () => {
  expect(await asked("/robots.txt")).toEqual([200, "text/plain", "User-agent: *\n"]);
});

it("a missing asset is missing", async () => {
  const missing = await fetch(`${url}/assets/gone-ABCDEFGH.js`);
  expect(missing.status).toBe(404);
  expect(missing.headers.get("cache-control")).toBeNull();
});

it("hashed files are cached for good and compressed", async () => {
  const asset = await fetch(`${url}/assets/main-ABCDEFGH.js`, { headers: { "accept-encoding": "gzip" } });
  expect(asset.headers.get("cache-control")).toContain("immutable");
  expect(asset.headers.get("content-encoding")).toBe("gzip");
  expect(asset.headers.get("content-type")).toContain("text/javascript");
});

it("pages may run no inline code, connect only home and be framed by nobody", async () => {
  const policy = (await fetch(url)).headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
  expect(policy).toContain(`connect-src 'self' ws://${new URL(url).host} wss://${new URL(url).host}`);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain("unsafe");
});

it("a body beyond 64 KiB is refused by name", async () => {
  const answer = await fetch(`${url}/api/signup`, { method: "POST", body: "x".repeat(70_000) });
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([413, "too_large"]);
});

it("headers that are too long are refused by name", async () => {
  const { said } = await dripTo(
    url,
    `GET /api/rooms HTTP/1.1\r\nHost: suda\r\nX-Long: ${"x".repeat(33_000)}\r\n\r\n`,
  );
  expect(said).toMatch(/^HTTP\/1\.1 400 .*"code":"invalid"/s);
});

it("a path that cannot be read is refused by name", async () => {
  const { said } = await dripTo(
    url,
    "GET /api/rooms/%00/messages HTTP/1.1\r\nHost: suda\r\nConnection: close\r\n\r\n",
  );
  expect(said).toMatch(/^HTTP\/1\.1 400 .*"code":"invalid"/s);
});

it("too many requests are refused, by name and with the time to wait; the rest are served", async () => {
  const request = "GET /api/login HTTP/1.1\r\nHost: suda\r\n";
  const { said } = await dripTo(url, `${`${request}\r\n`.repeat(299)}${request}Connection: close\r\n\r\n`);
  const answers = said.split(/(?=HTTP\/1\.1 )/);
  const refused = answers.filter((each) => each.startsWith("HTTP/1.1 429"));
  const served = answers.filter((each) => each.startsWith("HTTP/1.1 200"));
  expect(refused.length + served.length).toBe(300);
  // The burst, and the tokens that are refilled meanwhile.
  expect(served.length).toBeGreaterThan(99);
  expect(refused.length).toBeGreaterThan(50);
  for (const each of refused) expect(each).toMatch(/Retry-After: 1\r\n.*"code":"too_many_attempts"/s);
  const others = await Promise.all(Array.from({ length: 60 }, () => fetch(`${url}/api/rooms`)));
  expect(new Set(others.map(({ status }) => status))).toEqual(new Set([200]));
});

it("neither log says more of a request than its path, also when a gateway was not there", async () => {
  const read = (name: string): string => readFileSync(join(folder, name), "utf8");
  await fetch(`${url}/api/login?token=in-a-query`);
  // One gateway does not listen, and each process of nginx flushes its log at its own time.
  await until("a request was passed on, and the log is written", async () => {
    await fetch(`${url}/api/rooms?token=in-a-query`);
    const log = read("access.log");
    return log.includes("/api/login") && /\/api\/rooms\S* 200 .* 502, 200$/m.test(log);
  });
  expect(`${read("access.log")}${read("nginx.log")}`).not.toContain("in-a-query");
});

it("no gateway gets more connections than it has files for", () => {
  expect(renderLocal({ ...settings, files: 256 }).match(/max_fails=0 max_conns=156;/g)).toHaveLength(2);
});

it("a request to a gateway that is not ready goes to another one, unless it may have had an effect", async () => {
  const starting = createServer((_, response) => void response.writeHead(503).end());
  await new Promise<void>((resolve) => starting.listen(otherPort, "127.0.0.1", resolve));
  const statuses = async (method: string): Promise<Set<number>> => {
    const answers = Array.from({ length: 40 }, () => fetch(`${url}/api/rooms`, { method }));
    return new Set((await Promise.all(answers)).map(({ status }) => status));
  };
  try {
    expect(await statuses("GET")).toEqual(new Set([200]));
    expect(await statuses("POST")).toEqual(new Set([200, 503]));
  } finally {
    starting.closeAllConnections();
    starting.close();
  }
});
