/**
 * The only reader of the environment. Each setting is said once: its variable, how it is read, its default and
 * what it is for. All mistakes are reported together.
 */
import { MESSAGE_CHARS } from "../limits.ts";
import { HTTP_RATES, type HttpRateName, isHttpRateName } from "./http-rates.ts";

type Setting<T> = { env: string; read: (raw: string) => T; fallback: T; help: string };

const setting = <T>(env: string, read: (raw: string) => T, fallback: T, help: string): Setting<T> => ({
  env,
  read,
  fallback,
  help,
});

const text = (raw: string): string => raw;
const list = (raw: string): string[] =>
  raw
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);
const whole =
  (least: number, most: number) =>
  (raw: string): number => {
    const value = Number(raw);
    if (!Number.isInteger(value) || value < least || value > most)
      throw new Error(`a whole number from ${least} to ${most}`);
    return value;
  };
const wholes =
  (least: number, most: number) =>
  (raw: string): number[] =>
    list(raw).map(whole(least, most));
const flag = (raw: string): boolean => {
  if (!["on", "off"].includes(raw)) throw new Error("on or off");
  return raw === "on";
};
const pattern = (shape: RegExp, words: string) => (raw: string) => {
  if (!shape.test(raw)) throw new Error(words);
  return raw;
};
const port = whole(1, 65_535);

/** `kid:secret` pairs. The first signs, all verify: keys rotate without logging anyone out. */
const jwtKeys = (raw: string): { kid: string; secret: string }[] =>
  list(raw).map((pair) => {
    const [kid, secret] = pair.split(":");
    if (!kid || !secret || secret.length < 32)
      throw new Error("kid:secret pairs, a secret of 32 characters or more");
    return { kid, secret };
  });

/** `name:count` pairs; the names not given keep their counts. */
const httpRates = (raw: string): [HttpRateName, number][] =>
  list(raw).map((pair) => {
    const [name = "", count = ""] = pair.split(":");
    if (!isHttpRateName(name) || !/^[1-9]\d{0,6}$/.test(count))
      throw new Error(`name:count pairs, the names among ${Object.keys(HTTP_RATES).join(" ")}`);
    return [name, Number(count)];
  });

export const SETTINGS = {
  redisUrl: setting("REDIS_URL", text, "redis://127.0.0.1:6379", "Redis, the ordered log and the bus"),
  databaseUrl: setting("DATABASE_URL", text, "postgres://127.0.0.1:5432/suda", "PostgreSQL, the archive"),
  gatewayRole: setting(
    "SUDA_GATEWAY_ROLE",
    pattern(/^[a-z_][a-z0-9_]{0,62}$/, "a-z 0-9 _"),
    "",
    "PostgreSQL role of the gateways: the worker grants it what they need and no more; empty: grants nothing",
  ),
  keyPrefix: setting(
    "SUDA_KEY_PREFIX",
    pattern(/^[A-Za-z0-9_.-]{1,64}$/, "letters, digits, _ . -"),
    "suda",
    "first part of every Redis key and channel",
  ),
  shards: setting("SUDA_SHARDS", whole(1, 1024), 16, "hash slots for rooms; fixed for the life of the data"),
  name: setting(
    "SUDA_NAME",
    pattern(/^[a-z0-9-]{1,32}$/, "a-z 0-9 -"),
    "suda",
    "this process in logs and frames",
  ),
  host: setting("SUDA_HOST", text, "127.0.0.1", "address a gateway listens on; only nginx should reach it"),
  port: setting("SUDA_PORT", port, 9001, "port of a gateway's /ws and /api"),
  internalPort: setting("SUDA_INTERNAL_PORT", port, 9101, "port of /metrics, and of the worker's health"),
  internalHost: setting("SUDA_INTERNAL_HOST", text, "127.0.0.1", "address of the internal port"),
  jwtKeys: setting("SUDA_JWT_KEYS", jwtKeys, [], "kid:secret,kid:secret; the first signs, all verify"),
  accessTokenMs: setting(
    "SUDA_ACCESS_TOKEN_MS",
    whole(1_000, 86_400_000),
    15 * 60_000,
    "life of an access token",
  ),
  sessionDays: setting("SUDA_SESSION_DAYS", whole(1, 3650), 30, "life of a session that is not used"),
  secureCookie: setting("SUDA_SECURE_COOKIE", flag, false, "on behind TLS: Secure and the __Host- prefix"),
  origins: setting("SUDA_ORIGINS", list, [], "origins that may open /ws and call /api besides the own host"),
  limits: setting("SUDA_LIMITS", flag, true, "off lifts rate limits, connection caps and the spam rule"),
  httpRates: setting(
    "SUDA_HTTP_LIMITS",
    httpRates,
    [],
    "name:count,name:count; other tries a minute than usual",
  ),
  messageChars: setting(
    "SUDA_MESSAGE_CHARS",
    whole(1, 1000),
    MESSAGE_CHARS,
    "longest message, grapheme clusters",
  ),
  messageRate: setting("SUDA_MESSAGE_RATE", whole(1, 1000), 1, "messages a second that a user may send"),
  messageBurst: setting("SUDA_MESSAGE_BURST", whole(1, 1000), 5, "messages that a user may send at once"),
  frameRate: setting("SUDA_FRAME_RATE", whole(1, 10_000), 50, "frames a second that a socket may send"),
  frameBurst: setting("SUDA_FRAME_BURST", whole(1, 10_000), 200, "frames that a socket may send at once"),
  connectionsPerUser: setting(
    "SUDA_CONNECTIONS_PER_USER",
    whole(1, 10_000),
    20,
    "sockets of a user on a gateway",
  ),
  connectionsPerIp: setting(
    "SUDA_CONNECTIONS_PER_IP",
    whole(1, 100_000),
    1_000,
    "sockets of an address on a gateway",
  ),
  spamMutesMs: setting(
    "SUDA_SPAM_MUTES_MS",
    wholes(1_000, 86_400_000),
    [30_000, 300_000, 3_600_000],
    "how long the spam rule mutes: the first time, the second and every later one within a day",
  ),
  spamLaughter: setting("SUDA_SPAM_LAUGHTER", flag, false, "on: laughter and sobs count as spam too"),
  logEvents: setting(
    "SUDA_LOG_EVENTS",
    whole(50, 100_000),
    500,
    "newest events of a room kept in Redis and memory",
  ),
  maxBackpressure: setting(
    "SUDA_MAX_BACKPRESSURE_BYTES",
    whole(65_536, 1 << 28),
    1 << 20,
    "unsent bytes a socket may hold before it is closed",
  ),
  drainMs: setting("SUDA_DRAIN_MS", whole(0, 600_000), 5_000, "time a gateway gives its clients to move"),
  archiveMs: setting(
    "SUDA_ARCHIVE_MS",
    whole(100, 600_000),
    10_000,
    "oldest event the worker leaves unwritten",
  ),
  archiveEvents: setting(
    "SUDA_ARCHIVE_EVENTS",
    whole(1, 100_000),
    50,
    "pending events that make the worker write",
  ),
  retentionDays: setting("SUDA_RETENTION_DAYS", whole(0, 36_500), 0, "days a message is kept; 0: for ever"),
  connectionDays: setting(
    "SUDA_CONNECTION_DAYS",
    whole(1, 3650),
    90,
    "days that records of connections are kept",
  ),
  logLevel: setting(
    "SUDA_LOG_LEVEL",
    pattern(/^(debug|info|warn|error|silent)$/, "debug, info, warn, error or silent"),
    "info",
    "least level that is logged",
  ),
  tied: setting(
    "SUDA_TIED",
    flag,
    false,
    "on: end when standard input ends, so a process outlives no runner",
  ),
} as const;

export type Config = {
  readonly [K in keyof typeof SETTINGS]: (typeof SETTINGS)[K] extends Setting<infer T> ? T : never;
};

/**
 * Reads and checks all settings.
 * @throws Error naming every variable that is wrong or unknown, one a line.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const wrong: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, { env: name, read, fallback }] of Object.entries<Setting<unknown>>(SETTINGS)) {
    const raw = env[name];
    try {
      values[key] = raw === undefined || raw === "" ? fallback : read(raw);
    } catch (error) {
      wrong.push(`${name}: expected ${(error as Error).message}`);
    }
  }
  const known = new Set(Object.values<Setting<unknown>>(SETTINGS).map(({ env: name }) => name));
  for (const name of Object.keys(env)) {
    if (name.startsWith("SUDA_") && !known.has(name)) wrong.push(`${name}: no such setting`);
  }
  if (wrong.length > 0) throw new Error(`The settings are wrong:\n  ${wrong.join("\n  ")}`);
  return Object.freeze(values) as Config;
}
