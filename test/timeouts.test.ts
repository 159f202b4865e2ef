import { expect, test } from "vitest";
import { MAX_FILES } from "../infra/nginx/capacity.ts";
import { NO_FRONT } from "../infra/nginx/front.ts";
import { renderCompose, renderLocal } from "../infra/nginx/render.ts";
import { DEDUPE_MS, RESEND_MS } from "../shared/limits.ts";
import { SETTINGS } from "../shared/server/process/settings.ts";
import * as t from "../shared/timeouts.ts";

/** The latest time between a refresh with a lost answer and the next one. */
const ASKED_AGAIN_MS = t.API_TIMEOUT_MS + 2 * t.REFRESH_RETRY_MS;
/** A command that is issued while another batch is under way. */
const REDIS_MS = 2 * t.COMMAND_TIMEOUT_MS;

/** The first waits for the second, so it must have the longer timeout. */
const PARTNERS: readonly (readonly [waits: string, forMs: number, on: string, maxMs: number])[] = [
  [
    "a client's call",
    t.API_TIMEOUT_MS,
    "nginx, which looks for a gateway and hears it",
    t.PROXY_TRIES_MS + t.PROXY_API_MS,
  ],
  ["nginx", t.PROXY_API_MS, "a gateway that restores a room and asks PostgreSQL", t.RESTORE_MS + t.ANSWER_MS],
  ["nginx", t.PROXY_API_MS, "a reader's turn, and PostgreSQL", t.READ_TURN_MS + t.ANSWER_MS],
  ["nginx' tries", t.PROXY_TRIES_MS, "three gateways that do not take a connection", 3 * t.PROXY_CONNECT_MS],
  ["a gateway", t.ANSWER_MS, "a statement of PostgreSQL", t.STATEMENT_MS],
  ["a gateway that restores", t.RESTORE_MS, "PostgreSQL and Redis", t.ANSWER_MS + REDIS_MS],
  ["a client's welcome", t.WELCOME_TIMEOUT_MS, "a gateway that waits for the hello", t.HELLO_TIMEOUT_MS],
  [
    "a client's welcome",
    t.WELCOME_TIMEOUT_MS,
    "nginx, past a gateway that hangs, and a user whom Redis must be asked for",
    t.PROXY_TRIES_MS + t.COMMAND_TIMEOUT_MS,
  ],
  [
    "an acknowledgement",
    t.ACK_PATIENCE_MS,
    "messages before it on a slow gateway, and the two scripts of a send",
    t.LATE_MS + 2 * REDIS_MS,
  ],
  ["a client's join", t.JOIN_PATIENCE_MS, "a gateway that catches up", t.CATCH_UP_MS + REDIS_MS],
  ["silence of a connection", t.SILENCE_MS, "two presence frames", 2 * t.PRESENCE_IDLE_MS],
  ["silence of a visible tab", t.VISIBLE_SILENCE_MS, "two pings and a second", 2 * t.PING_MS + 1_000],
  ["silence of a visible tab", t.VISIBLE_SILENCE_MS, "a presence frame", t.PRESENCE_IDLE_MS],
  ["nginx at a socket", t.PROXY_SOCKET_MS, "the client, who finds out first", t.SILENCE_MS],
  ["a gateway at a socket", t.SOCKET_IDLE_MS, "the client, who finds out first", t.SILENCE_MS],
  ["nginx at a slow reader", t.PROXY_SOCKET_SEND_MS, "its gateway", t.SOCKET_IDLE_MS],
  ["a lease", t.LEASE_MS, "three beats", 3 * t.HEARTBEAT_MS],
  [
    "the lease of a gateway that has nobody there",
    t.QUIET_LEASE_MS,
    "its renewal, and two more beats",
    t.QUIET_RENEWAL_MS + 2 * t.HEARTBEAT_MS,
  ],
  ["people who are gone, told within", 3_000, "a lease and a beat", t.LEASE_MS + t.HEARTBEAT_MS],
  [
    "a token that was replaced by the release before",
    t.UNKNOWN_SUCCESSOR_MS,
    "a client that asks again",
    ASKED_AGAIN_MS,
  ],
  [
    "the last minute of an access token",
    t.RENEW_BEFORE_MS,
    "a refresh that is lost, and its repeat",
    ASKED_AGAIN_MS + t.API_TIMEOUT_MS,
  ],
  ["the last seconds of an access token", t.MIN_LIFE_MS, "clocks that differ", t.LEEWAY_MS],
  ["an access token", SETTINGS.accessTokenMs.fallback, "twice its renewal", 2 * t.RENEW_BEFORE_MS],
  ["what a cluster remembers of client ids", DEDUPE_MS, "a client that sends again", RESEND_MS],
];

test.each(PARTNERS)("%s (%i ms) waits longer than %s (%i ms)", (_, forMs, __, maxMs) => {
  expect(forMs).toBeGreaterThan(maxMs);
});

test("nginx waits as long as the table says", () => {
  const local = renderLocal({
    ...{
      host: "127.0.0.1",
      port: 1,
      internalPort: 2,
      gatewayPorts: [3],
      root: "",
      folder: "",
      accessLog: "",
    },
    ...{ generation: 1, asRoot: false, limits: true, front: NO_FRONT, files: MAX_FILES },
  });
  for (const conf of [local, renderCompose()]) {
    const times = (name: string) => [...new Set(conf.match(new RegExp(`${name} \\d+s`, "g")))];
    expect(times("proxy_connect_timeout")).toEqual([`proxy_connect_timeout ${t.PROXY_CONNECT_MS / 1_000}s`]);
    expect(times("proxy_next_upstream_timeout")).toEqual([
      `proxy_next_upstream_timeout ${t.PROXY_TRIES_MS / 1_000}s`,
      `proxy_next_upstream_timeout ${t.PROXY_TITLE_MS / 1_000}s`,
    ]);
    expect(times("proxy_read_timeout")).toContain(`proxy_read_timeout ${t.PROXY_API_MS / 1_000}s`);
    expect(times("proxy_read_timeout")).toContain(`proxy_read_timeout ${t.PROXY_SOCKET_MS / 1_000}s`);
  }
  expect(t.SOCKET_IDLE_MS % 4_000).toBe(0);
});
