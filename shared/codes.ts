/** Every refusal and close code of the contract, each once, and whether a client may retry or reconnect after it. */

/**
 * A refusal. `status` and `title` (for people) are its answer over HTTP. `mayRetry`: the same request can succeed later.
 * `over`: whether frames, HTTP or both issue it. A `frame` code has a status too, in case HTTP must answer with it.
 */
type Row = { status: number; title: string; mayRetry: boolean; over: "frame" | "http" | "both" };

export const REFUSALS = {
  /** Part of the frame, body, path or query is malformed. Over HTTP, `fields` may name the parts and their problems. */
  invalid: { status: 400, mayRetry: false, over: "both", title: "Something in the request is not valid" },
  /** A text has more characters than a message may have. */
  too_long: { status: 400, mayRetry: false, over: "frame", title: "This is too long" },
  /** A text has no visible character. */
  empty: { status: 400, mayRetry: false, over: "frame", title: "There is nothing in this" },
  /** This server does not know the frame's type. */
  unknown_type: { status: 400, mayRetry: false, over: "frame", title: "There is no such type of frame" },
  /** No account has this e-mail address and password. The answer does not reveal which of the two is wrong. */
  bad_credentials: { status: 401, mayRetry: false, over: "http", title: "E-mail or password is wrong" },
  /** The session was ended or unused for too long, or its refresh token was used twice. `reason` tells them apart. */
  session_expired: {
    status: 401,
    mayRetry: false,
    over: "http",
    title: "The session has ended, log in again",
  },
  /** A guest asked for something that needs an account, or a token is not valid. */
  unauthenticated: { status: 401, mayRetry: false, over: "both", title: "Log in first" },
  /** The account is banned. Only a caller with its password or its session gets this answer. */
  banned: { status: 403, mayRetry: false, over: "http", title: "This account is banned" },
  /** The account is muted: it may not send messages or change anything that others see until the mute ends. */
  muted: { status: 403, mayRetry: true, over: "both", title: "This account is muted" },
  /** The role or the request's origin does not allow it. */
  forbidden: { status: 403, mayRetry: false, over: "both", title: "Not allowed" },
  /** An admin archived the room: nobody may join it or write there. */
  room_archived: { status: 403, mayRetry: false, over: "both", title: "This room is archived" },
  /** The path or the thing that it names does not exist, or this caller may not know that it exists. */
  not_found: { status: 404, mayRetry: false, over: "http", title: "There is no such thing here" },
  /** No room has this name. */
  no_such_room: { status: 404, mayRetry: false, over: "both", title: "There is no such room" },
  /** No user has this id. */
  no_such_user: { status: 404, mayRetry: false, over: "http", title: "There is no such user" },
  /** No message has this seq, or it was deleted. */
  no_such_message: { status: 404, mayRetry: false, over: "both", title: "There is no such message" },
  /** The path exists, but not with this method. */
  method_not_allowed: { status: 405, mayRetry: false, over: "http", title: "This path has other methods" },
  /** The socket has not joined the room. */
  not_joined: { status: 409, mayRetry: true, over: "frame", title: "Join the room first" },
  /** Another account has the address. */
  email_taken: {
    status: 409,
    mayRetry: false,
    over: "http",
    title: "This e-mail address already has an account",
  },
  /** Another user has the nickname, or one that looks like it. */
  nickname_taken: { status: 409, mayRetry: false, over: "http", title: "This nickname is taken" },
  /** Another room has the name. */
  room_taken: { status: 409, mayRetry: false, over: "http", title: "A room of this name exists" },
  /** The user has reached the limit of rooms that one user may create. */
  too_many_rooms: {
    status: 409,
    mayRetry: false,
    over: "http",
    title: "You have made as many rooms as one person may",
  },
  /** The cluster has reached its limit of rooms. */
  rooms_full: {
    status: 409,
    mayRetry: false,
    over: "http",
    title: "There are as many rooms as there may be",
  },
  /** The socket has reached the limit of rooms that one socket may join. */
  too_many: {
    status: 409,
    mayRetry: true,
    over: "frame",
    title: "You are in as many rooms as one connection may be",
  },
  /** The body exceeds the limit of bytes. */
  too_large: { status: 413, mayRetry: false, over: "http", title: "The request body is too large" },
  /** A rate limit of HTTP is used up. `detail` names the limit. */
  too_many_attempts: { status: 429, mayRetry: true, over: "http", title: "Too many attempts, wait a little" },
  /** Frames or messages exceed the rate limit. */
  too_fast: { status: 429, mayRetry: true, over: "frame", title: "Too fast, wait a little" },
  /** The room is in slow mode, and the member's wait between two messages is not over. */
  slow_mode: {
    status: 429,
    mayRetry: true,
    over: "frame",
    title: "This room is in slow mode, wait a little",
  },
  /** This message tripped the spam rule, which mutes the user: later messages are refused as `muted`. */
  spam: { status: 429, mayRetry: true, over: "frame", title: "This looks like spam, wait a little" },
  /** The server failed while it handled this one frame or request. Resending with the same clientId is safe. */
  internal: {
    status: 500,
    mayRetry: true,
    over: "both",
    title: "Something went wrong here, it was noted; try again later",
  },
  /** A store is unreachable or overloaded. The outcome is unknown, after this refusal only: resend with the same clientId. */
  unavailable: {
    status: 503,
    mayRetry: true,
    over: "both",
    title: "Part of the service is away, try again shortly",
  },
} as const satisfies Record<string, Row>;

export type RefusalCode = keyof typeof REFUSALS;
type CodesOver<Transport extends "frame" | "http"> = {
  [Code in RefusalCode]: (typeof REFUSALS)[Code]["over"] extends Transport | "both" ? Code : never;
}[RefusalCode];
/** The codes of a `refused` frame. */
export type FrameCode = CodesOver<"frame">;
/** The codes of an HTTP problem. */
export type ProblemCode = CodesOver<"http">;

/** Close codes. After 4000 to 4099 a client reconnects; after 4400 to 4499 it must not do so by itself. */
export const CLOSE = {
  restarting: 4000,
  tooSlow: 4001,
  lostLog: 4002,
  overloaded: 4003,
  badFrame: 4400,
  sessionEnded: 4401,
  banned: 4403,
  noHello: 4408,
  tooManyConnections: 4409,
  flooding: 4429,
  tooBig: 1009,
} as const;

export type CloseCode = (typeof CLOSE)[keyof typeof CLOSE];

/** Whether a client should reconnect by itself after this close code. */
export const mayComeBack = (code: number): boolean => code < 4400 || code > 4499;
