/** The proxies of docs/fronts.md, each run on its block as it stands there, for the ports and files of a test. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram } from "../../infra/local/supervise/die-with-parent.ts";
import { spawnServer } from "../../infra/local/supervise/server-process.ts";
import { readText } from "./sources.ts";

/** The host of all blocks. */
export const FRONT_HOST = "chat.example.org";
const MODULES = "/usr/lib/apache2/modules";
const MODULE_NAMES = ["mpm_event", "authz_core", "headers", "ssl", "proxy", "proxy_http"];
const asRoot = process.getuid?.() === 0;

type At = (file: string) => string;
export type FrontProgram = {
  name: string;
  /** The name of the language of its block, and of itself in the table of paths. */
  language: string;
  title: string;
  args: (file: string, at: At) => string[];
  /** @returns the block with the lines around it that Debian's own configuration has. */
  frame: (block: string, port: number, at: At) => string;
};

export const FRONT_PROGRAMS: readonly FrontProgram[] = [
  {
    ...{ name: "haproxy", language: "haproxy", title: "HAProxy" },
    args: (file) => ["-db", "-f", file],
    frame: (block) => block,
  },
  {
    ...{ name: "caddy", language: "caddy", title: "Caddy" },
    args: (file) => ["run", "--adapter", "caddyfile", "--config", file],
    frame: (block, port, at) => {
      const site = `https://${FRONT_HOST}:${port} {\n  tls ${at("chat.crt")} ${at("chat.key")}`;
      return `{\n  admin off\n  auto_https off\n}\n${block.replace(`${FRONT_HOST} {`, site)}`;
    },
  },
  {
    ...{ name: "nginx", language: "nginx", title: "nginx" },
    args: (file, at) => ["-e", "stderr", "-p", at(""), "-c", file],
    frame: (block, _port, at) => {
      const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
        (kind) => `${kind}_temp_path ${at(kind)};`,
      );
      const process = [...(asRoot ? ["user root;"] : []), "daemon off;", `pid ${at("front.pid")};`];
      return [...process, "events {}", "http {", "access_log off;", ...temporary, block, "}", ""].join("\n");
    },
  },
  {
    ...{ name: "apache2", language: "apache", title: "Apache" },
    args: (file) => ["-DFOREGROUND", "-f", file],
    frame: (block, port, at) =>
      [
        ...MODULE_NAMES.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`),
        ...[`Listen ${port}`, `ServerName ${FRONT_HOST}`, `PidFile ${at("apache.pid")}`],
        ...[`Mutex file:${at("")} default`, `ErrorLog ${at("apache.log")}`],
        ...(asRoot ? ["User www-data", "Group www-data"] : []),
        block,
      ].join("\n"),
  },
];

/** @returns the lines of one proxy, for a whole name or below `/chat/`. */
function blockOf({ language, title }: FrontProgram, isBelowPath: boolean): string {
  const text = readText("docs/fronts.md");
  const block = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "s").exec(text)?.[1];
  const [, whole, below] = new RegExp(`^\\| ${title} \\| \`(.*)\` \\| \`(.*)\` \\|$`, "m").exec(text) ?? [];
  if (!block || !whole || !below || !block.includes(whole)) throw new Error(`docs/fronts.md has no ${title}`);
  return isBelowPath ? block.replace(whole, below) : block;
}

/** Makes a certificate for the fronts of a test file, and runs them before Suda's port. */
export function openFronts(sudaPort: () => number) {
  const folder = mkdtempSync(join(tmpdir(), "suda-fronts-"));
  const at: At = (file) => join(folder, file);
  const subject = ["-subj", `/CN=${FRONT_HOST}`, "-addext", `subjectAltName=DNS:${FRONT_HOST}`];
  const files = ["-keyout", at("chat.key"), "-out", at("chat.crt")];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...subject, ...files], {
    stdio: "pipe",
  });
  writeFileSync(at("chat.pem"), readFileSync(at("chat.crt"), "utf8") + readFileSync(at("chat.key"), "utf8"));
  mkdirSync(at("data"));

  return {
    /** Calls `work` while the proxy runs. @throws Error with the output of the proxy. */
    async during(program: FrontProgram, port: number, isBelowPath: boolean, work: () => Promise<void>) {
      const { name, args, frame } = program;
      const block = blockOf(program, isBelowPath)
        .replaceAll("127.0.0.1:8080", `127.0.0.1:${sudaPort()}`)
        .replaceAll("/etc/ssl", folder)
        .replaceAll(/(?<=\*:| :|listen )443/g, String(port));
      const [file, logFile] = [at(`${name}.conf`), at(`${name}.out`)];
      writeFileSync(file, frame(block, port, at));
      const env = { ...process.env, XDG_DATA_HOME: at("data"), XDG_CONFIG_HOME: at("data") };
      const command = { command: findProgram(name) ?? name, args: args(file, at) };
      const server = await spawnServer(command, { logFile, env });
      try {
        await work();
      } catch (error) {
        throw new Error(`${name}: ${readFileSync(logFile, "utf8").slice(-2_000)}`, { cause: error });
      } finally {
        await server.stop("SIGTERM", 3_000);
      }
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
