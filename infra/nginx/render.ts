/** Renders nginx.conf for the local cluster and for compose from one template, so that tests of one cover the other. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  PROXY_API_MS,
  PROXY_CONNECT_MS,
  PROXY_HEADERS_MS,
  PROXY_SOCKET_MS,
  PROXY_SOCKET_SEND_MS,
  PROXY_TITLE_MS,
  PROXY_TRIES_MS,
} from "../../shared/timeouts.ts";
import { capacityOf, connectionsOfGateway, MAX_FILES } from "./capacity.ts";
import { baseLines, type Front, renderFront, renderListen, renderPlain } from "./front.ts";
import { OWN_COOKIES } from "./own-cookies.ts";
import { PROBLEM_LOCATIONS } from "./problem-locations.ts";

const seconds = (ms: number): string => `${ms / 1_000}s`;
const PATIENCE = {
  headers: seconds(PROXY_HEADERS_MS),
  connect: seconds(PROXY_CONNECT_MS),
  tries: seconds(PROXY_TRIES_MS),
  title: seconds(PROXY_TITLE_MS),
  api: seconds(PROXY_API_MS),
  socket: seconds(PROXY_SOCKET_MS),
  socketSend: seconds(PROXY_SOCKET_SEND_MS),
};

const template = readFileSync(join(import.meta.dirname, "nginx.conf.template"), "utf8");

export type LocalSettings = {
  host: string;
  port: number;
  internalPort: number;
  /** The ports of the running gateways. */
  gatewayPorts: readonly number[];
  /** The folder of the built client. */
  root: string;
  /** A folder for the pid, temporary files and the access log. */
  folder: string;
  accessLog: string;
  /** The number of the configuration, which nginx reports, to tell when it is in force. */
  generation: number;
  /** Whether root starts nginx. Its workers must read private folders then too. */
  asRoot: boolean;
  /** Whether requests of one client are limited. */
  limits: boolean;
  front: Front;
  /** The number of files that a process may open. */
  files: number;
};

/** The configuration for one machine. Lists the gateways, so a change of their number needs a reload. */
export function renderLocal(settings: LocalSettings): string {
  const { host, port, internalPort, gatewayPorts, root, folder, accessLog, generation, files } = settings;
  const maxConns = connectionsOfGateway(files);
  return render({
    process: [
      ...(settings.asRoot ? ["user root;"] : []),
      `pid "${join(folder, "nginx.pid")}";`,
      "error_log stderr crit;",
      "daemon off;",
    ].join("\n"),
    temporary: ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
      .map((kind) => `${kind}_temp_path "${join(folder, kind)}";`)
      .join("\n  "),
    accessLog: `"${accessLog}" main buffer=32k flush=2s`,
    // An empty key is not counted.
    ...capacityOf(files),
    limited: settings.limits ? "$client" : '""',
    gateways: gatewayPorts
      .map((each) => `    server 127.0.0.1:${each} max_fails=0 max_conns=${maxConns};`)
      .join("\n"),
    front: renderFront(settings.front),
    listen: renderListen(host, port, settings.front),
    plain: renderPlain(host, settings.front),
    worker: settings.front.offline === false ? "sw-off.js" : "sw.js",
    internalListen: `127.0.0.1:${internalPort}`,
    root,
    generation: String(generation),
  });
}

/** A trusted proxy is one whose own address was replaced by the one it told. start.sh puts the settings in place of this. */
const FRONT_BY_FILE = [
  'map "$realip_remote_addr $remote_addr" $from_trusted {',
  '  "~^(?<peer>\\S+) \\k<peer>$" "";',
  "  default 1;",
  "}",
  'map "" $public_host { default ""; }',
  'map "" $public_scheme { default ""; }',
  ...baseLines("/"),
]
  .map((line) => `  ${line}`)
  .join("\n");

/** The configuration for compose. `gateway` stands for all gateways, and Docker's resolver follows their number. */
export function renderCompose(): string {
  return render({
    process: ["pid /tmp/nginx.pid;", "error_log stderr crit;", "daemon off;"].join("\n"),
    temporary: [
      ...["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
        (kind) => `${kind}_temp_path /tmp/${kind};`,
      ),
      "resolver 127.0.0.11 valid=5s;",
      "# What SUDA_TRUST_PROXY cannot say: a file here says by set_real_ip_from whose word on addresses and schemes counts.",
      "include /etc/nginx/suda.d/*.conf;",
    ].join("\n  "),
    accessLog: "/dev/stdout main",
    ...capacityOf(MAX_FILES),
    limited: "$client",
    front: FRONT_BY_FILE,
    plain: "",
    worker: "sw.js",
    gateways: "    server gateway:9001 resolve max_fails=0;",
    listen: "    listen 8080 default_server backlog=4096 sndbuf=128k;",
    internalListen: "127.0.0.1:8081",
    root: "/srv/web",
    generation: "1",
  });
}

function render(settings: Record<string, string>): string {
  const values: Record<string, string> = {
    ...settings,
    ...PATIENCE,
    ...OWN_COOKIES,
    problems: PROBLEM_LOCATIONS,
  };
  return template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`nginx.conf.template: no value for ${name}`);
    return value;
  });
}
