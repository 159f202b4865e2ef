/**
 * All timeouts between parts of the cluster, in milliseconds. A part must give up later than the parts that it waits for;
 * `test/timeouts.test.ts` compares them.
 */

// A client and its socket.
/** A socket that sends no `hello` within this time is closed. */
export const HELLO_TIMEOUT_MS = 5_000;
/** A client that receives no `welcome` within this time retries. */
export const WELCOME_TIMEOUT_MS = 8_000;
/** Silence on a connection for this long means that it is dead. */
export const SILENCE_MS = 12_000;
export const PING_MS = 2_000;
/** The same for a visible tab, which pings and therefore notices earlier: after three unanswered pings. */
export const VISIBLE_SILENCE_MS = 3 * PING_MS;
/** How long a client waits for the answer to an explicit probe. */
export const PROBE_MS = 3_000;
export const PRESENCE_MS = 1_000;
/** A presence frame is sent at least this often, so that silence means a dead connection. */
export const PRESENCE_IDLE_MS = 5_000;
/** A gateway closes a socket after this much silence of its client, and pings it before. uWebSockets.js needs a multiple of four seconds. */
export const SOCKET_IDLE_MS = 32_000;
export const BACKOFF_FIRST_MS = 500;
export const BACKOFF_MAX_MS = 20_000;
/** How long a client waits for an acknowledgement, and for `joined`, before it retries. */
export const ACK_PATIENCE_MS = 8_000;
export const JOIN_PATIENCE_MS = 5_000;
/** While a gateway is slow, it refuses a message that waited this long for those before it on its socket. */
export const LATE_MS = 1_500;

// A client and the API.
/** A client treats a slower answer as lost. */
export const API_TIMEOUT_MS = 21_000;
/** A failed refresh is retried after one to two times this. */
export const REFRESH_RETRY_MS = 5_000;
/** An access token is renewed this long before it expires, and is no longer used within MIN_LIFE_MS of its expiry. */
export const RENEW_BEFORE_MS = 60_000;
export const MIN_LIFE_MS = 10_000;
/** The clocks of the gateways' machines may differ by this much. */
export const LEEWAY_MS = 5_000;
/** A refresh token replaced by a gateway of the previous release is valid this much longer, because that release stored no successor to return again. */
export const UNKNOWN_SUCCESSOR_MS = 60_000;

/** How long a reader of older pages waits for a turn. */
export const READ_TURN_MS = 4_000;
/** How long a search goes on before it answers with what it found. It begins no statement later than that. */
export const SEARCH_MS = 500;

// nginx and gateways, in whole seconds.
export const PROXY_CONNECT_MS = 1_000;
/** Limit for all attempts to find a gateway for a request. Within it the runner kills a gateway that hangs, and the next one serves. */
export const PROXY_TRIES_MS = 5_000;
/** Limit for the title of the room in the head of its page, and for finding a gateway that knows it. The page waits for it. */
export const PROXY_TITLE_MS = 1_000;
export const PROXY_API_MS = 15_000;
/** The headers of a request must have arrived within this time, and then the body: a whole request has 15 s. */
export const PROXY_HEADERS_MS = 7_000;
/** Shorter than the patience of uWebSockets.js of 10 s, which ends a connection without an answer. */
export const BODY_MS = 8_000;
/** A silent connection is dead, because every live one receives frames more often. */
export const PROXY_SOCKET_MS = 20_000;
/** Longer than a gateway's own limit, because the gateway closes slow readers itself. */
export const PROXY_SOCKET_SEND_MS = 60_000;

// A gateway and its stores.
/** `statement_timeout`; ANSWER_MS is the client-side deadline, for a PostgreSQL that does not even cancel. */
export const STATEMENT_MS = 3_000;
export const ANSWER_MS = 4_000;
/** Restoring a room takes longer, because it also queries Redis while it holds the room. */
export const RESTORE_MS = 8_000;
/** Measured from when a command is written, not from when it is queued: it may wait for the batch before it. */
export const COMMAND_TIMEOUT_MS = 1_500;
/** The bus connection is replaced if it does not answer its check within this time. */
export const BUS_TIMEOUT_MS = 1_000;
/** A connection to Redis with waiting commands counts as half-open after this much silence, and is replaced. */
export const REDIS_SILENT_MS = 3_000;
/** How long a resume waits for its gateway to catch up with a position that another gateway gave the client. */
export const CATCH_UP_MS = 1_000;
/** How often a gateway looks for news in the rooms that are followed. */
export const FOLLOW_MS = 1_000;
/** How long a gateway gathers reads before it writes them; with the way to the other gateways less than a second. */
export const READS_MS = 250;
/** The interval of a gateway's heartbeat, and the lease after which its people count as gone. */
export const HEARTBEAT_MS = 500;
export const LEASE_MS = 1_900;
/** The same on a shard on which a gateway has nobody. */
export const QUIET_RENEWAL_MS = 2_000;
export const QUIET_LEASE_MS = 3_400;
