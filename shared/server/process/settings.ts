/** The table of settings: environment variable, parser, default and help text of each. Does not read the environment: see config.ts. */
import { MESSAGE_CHARS } from "../../limits.ts";
import { FRONT_SETTINGS } from "./front-settings.ts";
import { KAFKA_SETTINGS } from "./kafka-settings.ts";
import { PUSH_SETTINGS } from "./push-settings.ts";
import { setting } from "./setting.ts";
import {
  databaseUrl,
  decimal,
  flag,
  folder,
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

/** These hold passwords or keys, which are never shown. */
export const SECRET_SETTINGS: readonly string[] = [
  ...["REDIS_URL", "DATABASE_URL", "SUDA_JWT_KEYS", "SUDA_PUSH_KEY"],
  ...["SUDA_KAFKA_PASSWORD", "SUDA_KAFKA_COMMAND_KEYS"],
];

const port = integer(1, 65_535);

/** The upper bound of SUDA_ACCESS_TOKEN_MS, so no access token of any gateway lives longer. */
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
  diskFolder: setting(
    "SUDA_DISK_FOLDER",
    folder,
    "",
    "for the worker: a folder whose disk is to have room, such as that of a store; empty: none is looked at",
  ),
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
  ...FRONT_SETTINGS,
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
  privateRoomsMax: setting(
    "SUDA_PRIVATE_ROOMS_MOST",
    integer(1, 100_000_000),
    100_000,
    "private rooms and direct lines there may be",
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
    "older pages, and searches for rooms, that a gateway reads from PostgreSQL in a second, and half as many while more than eight wait; they wait four seconds at most",
  ),
  roomIdleMinutes: setting(
    "SUDA_ROOM_IDLE_MINUTES",
    decimal(0.01, 525_600),
    60,
    "a room in which nobody is, and nobody said anything for so long, leaves Redis; decimals are allowed",
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
  ...PUSH_SETTINGS,
  ...KAFKA_SETTINGS,
  connectionDays: setting(
    "SUDA_CONNECTION_DAYS",
    integer(1, 3650),
    90,
    "days that records of connections are kept",
  ),
  strict: setting(
    "SUDA_STRICT",
    flag,
    false,
    "on: nothing starts on stores with which a promise does not hold; off: it warns",
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
