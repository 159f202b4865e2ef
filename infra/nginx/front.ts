/** The front of nginx: proxies whose word on addresses counts, and the address that people open. */
import { isIPv6 } from "node:net";
import type { Config } from "../../shared/server/process/config.ts";
import { basePathOf } from "../../shared/server/process/public-url.ts";

export type Front = {
  /** Addresses and networks of proxies that may tell the address of a client. */
  trusted: readonly string[];
  /** Every connection begins with a header of the PROXY protocol, version 1 or 2. */
  proxyProtocol: boolean;
  /** The address that people open; empty: the one that each request names. */
  publicUrl: string;
  /** false: browsers keep nothing of the page, and forget what they kept. */
  offline?: boolean;
  /** nginx ends TLS itself. */
  tls?: Tls | undefined;
};
/** The files of a certificate and its key. */
export type TlsPair = { cert: string; key: string };
/** `plain`: a port of HTTP that sends on to TLS, and the folder of an ACME client's answers. */
type Tls = TlsPair & { plain?: { port: number; acme: string } | undefined };

type FrontSettings = Pick<
  Config,
  "trustProxy" | "proxyProtocol" | "publicUrl" | "offline" | "tlsCert" | "tlsKey"
>;

export function frontOf({
  trustProxy,
  proxyProtocol,
  publicUrl,
  offline,
  tlsCert,
  tlsKey,
}: FrontSettings): Front {
  const front = { trusted: trustProxy, proxyProtocol, publicUrl, offline };
  return tlsCert === "" ? front : { ...front, tls: { cert: tlsCert, key: tlsKey } };
}

/** @returns the host of the address that people open, without a port; empty: not known. */
export const publicHostOf = ({ publicUrl }: Pick<Front, "publicUrl">): string =>
  URL.parse(publicUrl)?.hostname.replace(/^\[(.*)\]$/, "$1") ?? "";

export const NO_FRONT: Front = { trusted: [], proxyProtocol: false, publicUrl: "" };

const TLS_LINES = [
  "ssl_protocols TLSv1.2 TLSv1.3;",
  "ssl_session_cache shared:tls:8m;",
  "ssl_session_tickets off;",
];

/** Where the cluster lives: below a prefix the page's addresses get it, so the zipped page cannot be used. */
export function baseLines(base: string): string[] {
  if (base === "/")
    return ['map "" $base { default "/"; }', 'map "" $below_base { default ""; }', "gzip_static on;"];
  const prefix = base.slice(0, -1);
  return [
    `map "" $base { default "${base}"; }`,
    // Volatile, because the path changes when nginx shows a page of its own.
    `map $uri $below_base { volatile; "~^${prefix.replaceAll(".", "\\.")}(?<below>/.*)$" $below; "${prefix}" $base; default ""; }`,
    ...["gzip_static off;", `sub_filter '="/' '="${base}';`],
    ...["sub_filter_once off;", "sub_filter_last_modified on;"],
  ];
}

/** The directives of nginx for a front. infra/nginx/start.sh writes the same for compose. */
export function renderFront({ trusted, proxyProtocol, publicUrl, tls }: Front): string {
  const { host = "", protocol = tls ? "https:" : "" } = URL.parse(publicUrl) ?? {};
  // The PROXY protocol speaks of connections; the headers in one are the client's own.
  const byHeaders = proxyProtocol ? [] : trusted;
  const lines = [
    ...trusted.map((each) => `set_real_ip_from ${each};`),
    ...(trusted.length > 0
      ? [`real_ip_header ${proxyProtocol ? "proxy_protocol" : "X-Forwarded-For"};`, "real_ip_recursive on;"]
      : []),
    `geo $realip_remote_addr $from_trusted { default ""; ${byHeaders.map((each) => `${each} 1; `).join("")}}`,
    `map "" $public_host { default "${host}"; }`,
    ...(tls ? TLS_LINES : []),
    ...(tls ? [`ssl_certificate "${tls.cert}";`, `ssl_certificate_key "${tls.key}";`] : []),
    `map "" $public_scheme { default "${protocol.replace(":", "")}"; }`,
    ...baseLines(basePathOf(publicUrl)),
  ];
  return lines.map((line) => `  ${line}`).join("\n");
}

/** The sockets to listen on. `::` means both families, each by its own socket, so that addresses of IPv4 look like it. */
export function renderListen(
  host: string,
  port: number,
  { proxyProtocol, tls }: Pick<Front, "proxyProtocol" | "tls">,
): string {
  const options = `default_server backlog=4096 sndbuf=128k${tls ? " ssl http2" : ""}${proxyProtocol ? " proxy_protocol" : ""}`;
  return addressesOf(host, port)
    .map((address) => `    listen ${address} ${options};`)
    .join("\n");
}

/** A server for HTTP that sends browsers on to TLS; empty without such a port. */
export function renderPlain(host: string, { tls }: Pick<Front, "tls">): string {
  if (!tls?.plain) return "";
  const { port, acme } = tls.plain;
  return [
    "  server {",
    ...addressesOf(host, port).map((address) => `    listen ${address} default_server;`),
    `    location /.well-known/acme-challenge/ { root "${acme}"; }`,
    "    location / { return 301 https://$own_host$request_uri; }",
    "  }",
  ].join("\n");
}

const addressesOf = (host: string, port: number): string[] =>
  host === "::"
    ? [`0.0.0.0:${port}`, `[::]:${port} ipv6only=on`]
    : [`${isIPv6(host) ? `[${host}]` : host}:${port}`];
