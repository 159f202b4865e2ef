/** Every refusal and close code of the contract, each once, and whether a client may retry or reconnect after it. */

/**
 * A refusal. `status` is that of its answer over HTTP.
 * `over`: whether frames, HTTP or both issue it. A `frame` code has a status too, in case HTTP must answer with it.
 */
type Row = { status: number; over: "frame" | "http" | "both" };

export const REFUSALS = {
  /** Part of the frame, body, path or query is malformed. Over HTTP, `fields` may name the parts and their problems. */
  invalid: { status: 400, over: "both" },
  /** A text has more characters than a message may have. */
  too_long: { status: 400, over: "frame" },
  /** A text has no visible character. */
  empty: { status: 400, over: "frame" },
  /** This server does not know the frame's type. */
  unknown_type: { status: 400, over: "frame" },
  /** No account has this e-mail address and password. The answer does not reveal which of the two is wrong. */
  bad_credentials: { status: 401, over: "http" },
  /** The session was ended or unused for too long, or its refresh token was used twice. `reason` tells them apart. */
  session_expired: {
    status: 401,
    over: "http",
  },
  /** A guest asked for something that needs an account, or a token is not valid. */
  unauthenticated: { status: 401, over: "both" },
  /** The account is banned. Only a caller with its password or its session gets this answer. */
  banned: { status: 403, over: "http" },
  /** The account is muted: it may not send messages or change anything that others see until the mute ends. */
  muted: { status: 403, over: "both" },
  /** Raid mode: the account is too young to send messages or to change anything that others see. */
  too_new: { status: 403, over: "both" },
  /** The role or the request's origin does not allow it. */
  forbidden: { status: 403, over: "both" },
  /** An admin archived the room: nobody may join it or write there. */
  room_archived: { status: 403, over: "both" },
  /** The path or the thing that it names does not exist, or this caller may not know that it exists. */
  not_found: { status: 404, over: "http" },
  /** No room has this name. */
  no_such_room: { status: 404, over: "both" },
  /** No user has this id. */
  no_such_user: { status: 404, over: "http" },
  /** No link to a private room has this token, or it has ended. */
  no_such_invitation: { status: 404, over: "http" },
  /** No message has this seq, or it was deleted. */
  no_such_message: { status: 404, over: "both" },
  /** The path exists, but not with this method. */
  method_not_allowed: { status: 405, over: "http" },
  /** The socket has not joined the room. */
  not_joined: { status: 409, over: "frame" },
  /** Another account has the address. */
  email_taken: {
    status: 409,
    over: "http",
  },
  /** Another user has the nickname, or one that looks like it. */
  nickname_taken: { status: 409, over: "http" },
  /** Another room has the name. */
  room_taken: { status: 409, over: "http" },
  /** The user has reached the limit of rooms that one user may create. */
  too_many_rooms: {
    status: 409,
    over: "http",
  },
  /** The cluster has reached its limit of rooms. */
  rooms_full: {
    status: 409,
    over: "http",
  },
  /** A private room has as many members as it may have. */
  room_full: { status: 409, over: "http" },
  /** A private room has as many links as it may have. */
  too_many_invitations: { status: 409, over: "http" },
  /** The socket has reached the limit of rooms that one socket may join. */
  too_many: {
    status: 409,
    over: "frame",
  },
  /** The message has as many different reactions as one may have. */
  too_many_reactions: { status: 409, over: "frame" },
  /** The body exceeds the limit of bytes. */
  too_large: { status: 413, over: "http" },
  /** A rate limit of HTTP is used up. `detail` names the limit. */
  too_many_attempts: { status: 429, over: "http" },
  /** Frames or messages exceed the rate limit. */
  too_fast: { status: 429, over: "frame" },
  /** The room is in slow mode, and the member's wait between two messages is not over. */
  slow_mode: {
    status: 429,
    over: "frame",
  },
  /** This message tripped the spam rule, which mutes the user: later messages are refused as `muted`. */
  spam: { status: 429, over: "frame" },
  /** The server failed while it handled this one frame or request. Resending with the same clientId is safe. */
  internal: {
    status: 500,
    over: "both",
  },
  /** A store is unreachable or overloaded. The outcome is unknown, after this refusal only: resend with the same clientId. */
  unavailable: {
    status: 503,
    over: "both",
  },
} as const satisfies Record<string, Row>;

export type RefusalCode = keyof typeof REFUSALS;

/** After these the same request can succeed later. A list of its own, because the page needs no more of the table. */
export const RETRIABLE: readonly string[] = [
  "muted",
  "too_new",
  "not_joined",
  "too_many",
  "too_many_attempts",
  "too_fast",
  "slow_mode",
  "spam",
  "internal",
  "unavailable",
] satisfies RefusalCode[];

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
