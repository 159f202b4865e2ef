/** The configurations of docs/fronts.md, as they stand there, run by the real programs. Skipped where one is missing. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type Command, findProgram } from "../infra/local/supervise/die-with-parent.ts";
import { type ServerProcess, spawnServer } from "../infra/local/supervise/server-process.ts";
import { freePort } from "../load-tests/support/free-port.ts";
import { until } from "../shared/until.ts";
import { startEcho, startNginx, type TestNginx } from "./support/nginx.ts";
import { readText } from "./support/sources.ts";

const NAME = "chat.example.org";
/** A client of another address than the proxy's. */
const CLIENT = "127.0.0.9";
const PUBLIC = `https://${NAME}`;
const MODULES = "/usr/lib/apache2/modules";
const folder = mkdtempSync(join(tmpdir(), "suda-fronts-"));
const at = (name: string): string => join(folder, name);

let echo: Awaited<ReturnType<typeof startEcho>>;
let suda: TestNginx;

beforeAll(async () => {
  const subject = ["-subj", `/CN=${NAME}`, "-addext", `subjectAltName=DNS:${NAME}`];
  const files = ["-keyout", at("chat.key"), "-out", at("chat.crt")];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...subject, ...files], {
    stdio: "pipe",
  });
  writeFileSync(at("chat.pem"), readFileSync(at("chat.crt"), "utf8") + readFileSync(at("chat.key"), "utf8"));
  echo = await startEcho();
  const front = { trusted: ["127.0.0.1"], proxyProtocol: false, publicUrl: PUBLIC };
  suda = await startNginx([echo.port], { front });
});
afterAll(async () => {
  await suda.stop();
  echo.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The block of the documentation, for the ports and files of this test. */
const block = (language: string, port: number): string => {
  const found = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "s").exec(readText("docs/fronts.md"))?.[1];
  if (!found) throw new Error(`docs/fronts.md has no ${language}`);
  return found
    .replaceAll("127.0.0.1:8080", `127.0.0.1:${suda.port}`)
    .replaceAll("/etc/ssl", folder)
    .replaceAll(/(?<=\*:| :|listen )443/g, String(port));
};

/** A program: how it is run on the block, with the lines around it that Debian's own configuration has. */
type Program = {
  name: string;
  language: string;
  frame: (block: string, port: number) => string;
  args: string[];
};

const asRoot = process.getuid?.() === 0;
const file = (name: string): string => at(`${name}.conf`);
const PROGRAMS: Program[] = [
  { name: "haproxy", language: "haproxy", frame: (text) => text, args: ["-db", "-f", file("haproxy")] },
  {
    name: "caddy",
    language: "caddy",
    frame: (text, port) =>
      `{\n  admin off\n  auto_https off\n}\n${text.replace(
        `${NAME} {`,
        `https://${NAME}:${port} {\n  tls ${at("chat.crt")} ${at("chat.key")}`,
      )}`,
    args: ["run", "--adapter", "caddyfile", "--config", file("caddy")],
  },
  {
    name: "nginx",
    language: "nginx",
    frame: (text) =>
      `${asRoot ? "user root;\n" : ""}daemon off;\npid ${at("front.pid")};\nevents {}\nhttp {\n  access_log off;\n${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `  ${kind}_temp_path ${at(kind)};\n`).join("")}${text}}\n`,
    args: ["-e", "stderr", "-p", folder, "-c", file("nginx")],
  },
  {
    name: "apache2",
    language: "apache",
    frame: (text, port) =>
      [
        ...["mpm_event", "authz_core", "headers", "ssl", "proxy", "proxy_http"].map(
          (name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`,
        ),
        ...[
          `Listen ${port}`,
          `ServerName ${NAME}`,
          `PidFile ${at("apache.pid")}`,
          `Mutex file:${folder} default`,
        ],
        ...[`ErrorLog ${at("apache.log")}`, ...(asRoot ? ["User www-data", "Group www-data"] : [])],
        text,
      ].join("\n"),
    args: ["-DFOREGROUND", "-f", file("apache2")],
  },
];

const TLS = { localAddress: CLIENT, servername: NAME, rejectUnauthorized: false };

const ask = (port: number, path: string, headers: Record<string, string> = {}): Promise<[number, string]> =>
  new Promise((resolve, reject) => {
    const asked = request(
      { host: "127.0.0.1", port, path, headers: { host: NAME, ...headers }, ...TLS },
      async (answer: IncomingMessage) =>
        resolve([answer.statusCode ?? 0, Buffer.concat(await answer.toArray()).toString()]),
    );
    asked.on("error", reject).end();
  });

const firstFrame = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const headers = { host: NAME, "x-forwarded-for": "6.6.6.6" };
    const socket = new WebSocket(`wss://127.0.0.1:${port}/ws`, { headers, origin: PUBLIC, ...TLS });
    socket.on("message", (data) => {
      socket.close();
      resolve(String(data));
    });
    socket.on("error", reject);
  });

describe.each(PROGRAMS)("$name", ({ name, language, frame, args }) => {
  const command = findProgram(name);

  test.skipIf(command === undefined)(
    "ends TLS and passes on page, calls and sockets, each with its address",
    async () => {
      const port = await freePort();
      mkdirSync(at("data"), { recursive: true });
      writeFileSync(file(name), frame(block(language, port), port));
      const env = { ...process.env, XDG_DATA_HOME: at("data"), XDG_CONFIG_HOME: at("data") };
      const program: Command = { command: command ?? "", args };
      const server: ServerProcess = await spawnServer(program, { logFile: at(`${name}.out`), env });
      try {
        await until(`${name} answers`, async () => (await ask(port, "/readyz"))[0] === 200);
        expect(await ask(port, "/")).toEqual([200, expect.stringContaining("<title>Suda</title>")]);
        const own = { host: NAME, "x-real-ip": CLIENT, "x-forwarded-proto": "https" };
        const [, heard] = await ask(port, "/api/rooms?limit=1", {
          "x-forwarded-for": "6.6.6.6",
          "x-real-ip": "6.6.6.6",
        });
        expect(JSON.parse(heard)).toMatchObject({ url: "/api/rooms?limit=1", headers: own });
        expect(heard).not.toContain("unknown-proxy");
        expect(JSON.parse(await firstFrame(port))).toMatchObject({ headers: { ...own, origin: PUBLIC } });
      } catch (error) {
        throw new Error(`${name}: ${readFileSync(at(`${name}.out`), "utf8").slice(-2_000)}`, {
          cause: error,
        });
      } finally {
        await server.stop("SIGTERM", 3_000);
      }
    },
  );
});
