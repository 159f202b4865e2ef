/**
 * How long each part waits for another, in one table: a part that gives up must do so after the ones behind it have had their say.
 * `test/timeouts.test.ts` compares the partners. Milliseconds.
 */

// A client and its socket.
/** A socket that says no hello in this time is closed. */
export const HELLO_TIMEOUT_MS = 5_000;
/** A client that gets no welcome in this time tries again. */
export const WELCOME_TIMEOUT_MS = 8_000;
/** Silence on a connection for this long means that it is dead. */
export const SILENCE_MS = 12_000;
export const PING_MS = 2_000;
/** A visible tab pings, so three unanswered pings say what silence says only later. */
export const VISIBLE_SILENCE_MS = 3 * PING_MS;
/** How long an explicit question of a client may stay unanswered. */
export const PROBE_MS = 3_000;
export const PRESENCE_MS = 1_000;
/** A presence frame comes at least this often, so that silence means something. */
export const PRESENCE_IDLE_MS = 5_000;
/** Silence of a client after which its gateway drops it; pings go out by themselves before. A multiple of four seconds. */
export const SOCKET_IDLE_MS = 32_000;
export const BACKOFF_FIRST_MS = 500;
export const BACKOFF_MAX_MS = 20_000;
/** How long a client waits for an acknowledgement, and for a room, before it asks again. */
export const ACK_PATIENCE_MS = 8_000;
export const JOIN_PATIENCE_MS = 5_000;

// A client and the API.
/** An answer that takes longer is lost, as far as the client knows. */
export const API_TIMEOUT_MS = 21_000;
/** A refresh that failed is tried again after once to twice this. */
export const REFRESH_RETRY_MS = 5_000;
/** An access token is renewed this long before it ends, and not used any more in its last seconds. */
export const RENEW_BEFORE_MS = 60_000;
export const MIN_LIFE_MS = 10_000;
/** Clocks of the gateways' machines may differ by this much. */
export const LEEWAY_MS = 5_000;
/** A refresh token that a gateway of the release before replaced is old after this: that one kept no successor to give again. */
export const UNKNOWN_SUCCESSOR_MS = 60_000;

// nginx and gateways; whole seconds.
export const PROXY_CONNECT_MS = 1_000;
/** All tries to find a gateway that takes a request; one that hangs is killed by its runner within it, and the next one serves. */
export const PROXY_TRIES_MS = 5_000;
export const PROXY_API_MS = 15_000;
/** Every connection hears something more often; a silent one is dead. */
export const PROXY_SOCKET_MS = 20_000;
/** Readers that fall behind are closed by their gateway, which knows the room. */
export const PROXY_SOCKET_SEND_MS = 60_000;

// A gateway and its stores.
/** PostgreSQL gives up a statement that takes so long; one that does not is away after the next. */
export const STATEMENT_MS = 3_000;
export const ANSWER_MS = 4_000;
/** Restoring a room asks Redis too while it holds it. */
export const RESTORE_MS = 8_000;
/** From when a command is written; one that is asked for then may wait for the batch before it. */
export const COMMAND_TIMEOUT_MS = 1_500;
/** The bus answers its check within this, or is replaced. */
export const BUS_TIMEOUT_MS = 1_000;
/** A connection to Redis on which commands wait and nothing comes for so long is half open: another one is tried. */
export const REDIS_SILENT_MS = 3_000;
/** How long a resume waits for its gateway to hear of a position that the client was told elsewhere. */
export const CATCH_UP_MS = 1_000;
/** A gateway's heartbeat, and how long its people are believed to be there without one. */
export const HEARTBEAT_MS = 500;
export const LEASE_MS = 1_900;
