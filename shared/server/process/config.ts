/**
 * The only reader of the environment. Each setting is said once: its variable, how it is read, its default and
 * what it is for. All mistakes are reported together.
 */
import { MESSAGE_CHARS } from "../../limits.ts";
import {
  databaseUrl,
  flag,
  host,
  httpRates,
  integer,
  jwtKeys,
  list,
  listOfDistinct,
  origin,
  pattern,
  redisUrl,
} from "./setting-readers.ts";

type Setting<T> = { env: string; read: (raw: string) => T; fallback: T; help: string };

const setting = <T>(env: string, read: (raw: string) => T, fallback: T, help: string): Setting<T> => ({
  env,
  read,
  fallback,
  help,
});

const port = integer(1, 65_535);

/** No access token lives longer, whatever a gateway is set to. */
export const ACCESS_TOKEN_MAX_MS = 24 * 3_600_000;

export const SETTINGS = {
  redisUrl: setting("REDIS_URL", redisUrl, "redis://127.0.0.1:6379", "Redis, the ordered log and the bus"),
  databaseUrl: setting(
    "DATABASE_URL",
    databaseUrl,
    "postgres://127.0.0.1:5432/suda",
    "PostgreSQL, the archive",
  ),
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
  shards: setting(
    "SUDA_SHARDS",
    integer(1, 1024),
    16,
    "hash slots for rooms; fixed for the life of the data",
  ),
  name: setting(
    "SUDA_NAME",
    pattern(/^[a-z0-9-]{1,32}$/, "a-z 0-9 -"),
    "suda",
    "this process in logs and frames",
  ),
  host: setting("SUDA_HOST", host, "127.0.0.1", "address a gateway listens on; only nginx should reach it"),
  port: setting("SUDA_PORT", port, 9001, "port of a gateway's /ws and /api"),
  internalPort: setting("SUDA_INTERNAL_PORT", port, 9101, "port of /metrics, and of the worker's health"),
  internalHost: setting("SUDA_INTERNAL_HOST", host, "127.0.0.1", "address of the internal port"),
  jwtKeys: setting(
    "SUDA_JWT_KEYS",
    jwtKeys,
    [] as ReturnType<typeof jwtKeys>,
    "kid:secret,kid:secret; the first signs, all verify",
  ),
  accessTokenMs: setting(
    "SUDA_ACCESS_TOKEN_MS",
    integer(1_000, ACCESS_TOKEN_MAX_MS),
    15 * 60_000,
    "life of an access token",
  ),
  sessionDays: setting("SUDA_SESSION_DAYS", integer(1, 3650), 30, "life of a session that is not used"),
  secureCookie: setting("SUDA_SECURE_COOKIE", flag, false, "on behind TLS: Secure and the __Host- prefix"),
  origins: setting(
    "SUDA_ORIGINS",
    listOfDistinct(origin, String),
    [] as string[],
    "origins that may open /ws and call /api besides the own host",
  ),
  limits: setting(
    "SUDA_LIMITS",
    flag,
    true,
    "off lifts rate limits, the spam rule and the caps of connections and rooms",
  ),
  httpRates: setting(
    "SUDA_HTTP_LIMITS",
    httpRates,
    [] as ReturnType<typeof httpRates>,
    "name:count,name:count; other tries a minute than usual",
  ),
  messageChars: setting(
    "SUDA_MESSAGE_CHARS",
    integer(1, 1000),
    MESSAGE_CHARS,
    "longest message, grapheme clusters",
  ),
  messageRate: setting("SUDA_MESSAGE_RATE", integer(1, 1000), 1, "messages a second that a user may send"),
  messageBurst: setting("SUDA_MESSAGE_BURST", integer(1, 1000), 5, "messages that a user may send at once"),
  frameRate: setting("SUDA_FRAME_RATE", integer(1, 10_000), 50, "frames a second that a socket may send"),
  frameBurst: setting("SUDA_FRAME_BURST", integer(1, 10_000), 200, "frames that a socket may send at once"),
  connectionsPerUser: setting(
    "SUDA_CONNECTIONS_PER_USER",
    integer(1, 10_000),
    20,
    "sockets of a user on a gateway",
  ),
  roomsPerUser: setting(
    "SUDA_ROOMS_PER_USER",
    integer(1, 1_000_000),
    10,
    "rooms that a user may have made, archived ones aside; moderators and admins are not counted",
  ),
  roomsMax: setting(
    "SUDA_ROOMS_MOST",
    integer(1, 10_000_000),
    5_000,
    "rooms there may be, archived ones aside",
  ),
  connectionsPerIp: setting(
    "SUDA_CONNECTIONS_PER_IP",
    integer(1, 100_000),
    1_000,
    "sockets of an address on a gateway: so many of guests and so many of members",
  ),
  connectsPerUser: setting(
    "SUDA_CONNECTS_PER_USER",
    integer(1, 100_000),
    60,
    "sockets that a user may open on a gateway in a minute, short-lived ones too",
  ),
  connectsPerIp: setting(
    "SUDA_CONNECTS_PER_IP",
    integer(1, 1_000_000),
    3_000,
    "sockets that an address may open on a gateway in a minute",
  ),
  spamMutesMs: setting(
    "SUDA_SPAM_MUTES_MS",
    list(integer(1_000, 86_400_000)),
    [30_000, 300_000, 3_600_000],
    "how long the spam rule mutes: the first time, the second and every later one within a day",
  ),
  spamLaughter: setting("SUDA_SPAM_LAUGHTER", flag, false, "on: laughter and sobs count as spam too"),
  logEvents: setting(
    "SUDA_LOG_EVENTS",
    integer(50, 100_000),
    500,
    "newest events of a room kept in Redis and memory",
  ),
  pagesPerSecond: setting(
    "SUDA_PAGES_PER_SECOND",
    integer(1, 10_000),
    11,
    "older pages, and searches for rooms, that a gateway reads from PostgreSQL in a second; more wait, two seconds at most",
  ),
  logMs: setting(
    "SUDA_LOG_MS",
    integer(0, 3_600_000),
    120_000,
    "and in a busy room what so long brought, for those who come back",
  ),
  logBytes: setting(
    "SUDA_LOG_BYTES",
    integer(65_536, 1 << 30),
    8 << 20,
    "budget of that for each room; what PostgreSQL lacks stays in Redis all the same",
  ),
  resumeEvents: setting(
    "SUDA_RESUME_EVENTS",
    integer(0, 1_000_000),
    10_000,
    "events older than the log that PostgreSQL gives a client that comes back; beyond it the client starts over",
  ),
  joinBytes: setting(
    "SUDA_JOIN_BYTES",
    integer(65_536, 1 << 30),
    1 << 20,
    "bytes a second that a socket may ask back for by joins",
  ),
  maxBackpressure: setting(
    "SUDA_MAX_BACKPRESSURE_BYTES",
    integer(65_536, 1 << 28),
    1 << 20,
    "unsent bytes a socket may hold before it is closed",
  ),
  drainMs: setting("SUDA_DRAIN_MS", integer(0, 600_000), 5_000, "time a gateway gives its clients to move"),
  archiveMs: setting(
    "SUDA_ARCHIVE_MS",
    integer(100, 600_000),
    10_000,
    "oldest event the worker leaves unwritten",
  ),
  archiveEvents: setting(
    "SUDA_ARCHIVE_EVENTS",
    integer(1, 100_000),
    50,
    "pending events that make the worker write",
  ),
  retentionDays: setting(
    "SUDA_RETENTION_DAYS",
    integer(0, 36_500),
    0,
    "days a message is kept, whole ones (UTC), by gateways and worker alike; 0: for ever",
  ),
  connectionDays: setting(
    "SUDA_CONNECTION_DAYS",
    integer(1, 3650),
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

type Name = keyof typeof SETTINGS;

/** Settings that must not be below another one. The first of a pair follows the second where it is not given itself. */
const NOT_BELOW: readonly (readonly [Name, Name])[] = [
  ["messageBurst", "messageRate"],
  ["frameBurst", "frameRate"],
  ["connectsPerUser", "connectionsPerUser"],
  ["connectsPerIp", "connectionsPerIp"],
];

/** Empty counts as a value only where it is the default: a variable that a script left empty must not pass for another. */
const isEmptyByDefault = (fallback: unknown): boolean =>
  fallback === "" || (Array.isArray(fallback) && fallback.length === 0);

/**
 * Reads and checks all settings.
 * @throws Error naming every variable that is wrong, unknown or at odds with another, one a line.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const wrong = new Map<string, string>();
  const values: Record<string, unknown> = {};
  for (const [key, { env: name, read, fallback }] of Object.entries<Setting<unknown>>(SETTINGS)) {
    const raw = env[name];
    values[key] = fallback;
    if (raw === undefined || (raw === "" && isEmptyByDefault(fallback))) continue;
    try {
      values[key] = read(raw);
    } catch (error) {
      wrong.set(name, `expected ${(error as Error).message}`);
    }
  }
  if (wrong.size === 0)
    for (const [name, words] of contradictions(values as Config, env)) wrong.set(name, words);
  const known = new Set(Object.values<Setting<unknown>>(SETTINGS).map(({ env: name }) => name));
  for (const name of Object.keys(env)) {
    if (name.startsWith("SUDA_") && !known.has(name)) wrong.set(name, "no such setting");
  }
  if (wrong.size > 0) {
    const lines = [...wrong].map(([name, words]) => `${name}: ${words}`);
    throw new Error(`The settings are wrong:\n  ${lines.join("\n  ")}`);
  }
  for (const [key, other] of NOT_BELOW)
    if (!isGiven(env, key)) values[key] = Math.max(values[key] as number, values[other] as number);
  return Object.freeze(values) as Config;
}

const isGiven = (env: NodeJS.ProcessEnv, key: Name): boolean => env[SETTINGS[key].env] !== undefined;

/** What was given and makes no sense beside what else was given. */
function contradictions(values: Config, env: NodeJS.ProcessEnv): [name: string, words: string][] {
  const found: [string, string][] = [];
  for (const [key, other] of NOT_BELOW) {
    if (isGiven(env, key) && isGiven(env, other) && values[key] < values[other])
      found.push([SETTINGS[key].env, `expected at least ${SETTINGS[other].env}, which is ${values[other]}`]);
  }
  if (isGiven(env, "port") && isGiven(env, "internalPort") && values.port === values.internalPort)
    found.push([SETTINGS.internalPort.env, `expected another port than ${SETTINGS.port.env}`]);
  return found;
}
