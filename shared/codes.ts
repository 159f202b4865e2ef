/** Every refusal and close code of the contract, each once, with what a client may do about it. */

/**
 * A refusal. `status` and `title` (for people) are its answer over HTTP. `mayRetry`: sending the same again, later, can succeed.
 * `over`: who issues it, frames, HTTP or both; a `frame` code that HTTP has to answer with still has its status.
 */
type Row = { status: number; title: string; mayRetry: boolean; over: "frame" | "http" | "both" };

export const REFUSALS = {
  /** Something in the frame, body, path or query breaks a rule of form. Over HTTP `fields` may say which and how. */
  invalid: { status: 400, mayRetry: false, over: "both", title: "Something in the request is not valid" },
  /** A text has more characters than a message may have. */
  too_long: { status: 400, mayRetry: false, over: "frame", title: "This is too long" },
  /** A text holds nothing that could be seen. */
  empty: { status: 400, mayRetry: false, over: "frame", title: "There is nothing in this" },
  /** The type of a frame is none that this server knows. */
  unknown_type: { status: 400, mayRetry: false, over: "frame", title: "There is no such type of frame" },
  /** No account has this e-mail address and password; which of the two is wrong is not told. */
  bad_credentials: { status: 401, mayRetry: false, over: "http", title: "E-mail or password is wrong" },
  /** The session was ended, was not used for long, or its refresh token came twice. `reason` says which. */
  session_expired: {
    status: 401,
    mayRetry: false,
    over: "http",
    title: "The session has ended, log in again",
  },
  /** A guest asked for something that needs an account, or a token is not valid. */
  unauthenticated: { status: 401, mayRetry: false, over: "both", title: "Log in first" },
  /** The account is banned. Told only to whoever has its password or its session. */
  banned: { status: 403, mayRetry: false, over: "http", title: "This account is banned" },
  /** Every message, and every change that others would see, while the mute lasts. */
  muted: { status: 403, mayRetry: true, over: "both", title: "This account is muted" },
  /** The role or the request's origin does not allow it. */
  forbidden: { status: 403, mayRetry: false, over: "both", title: "Not allowed" },
  /** An admin archived the room: nobody may join it or write there. */
  room_archived: { status: 403, mayRetry: false, over: "both", title: "This room is archived" },
  /** The path, or the thing that it names, does not exist, or is not for this caller to know of. */
  not_found: { status: 404, mayRetry: false, over: "http", title: "There is no such thing here" },
  /** No room has this name. */
  no_such_room: { status: 404, mayRetry: false, over: "both", title: "There is no such room" },
  /** No user has this id. */
  no_such_user: { status: 404, mayRetry: false, over: "http", title: "There is no such user" },
  /** No message has this seq, or it was deleted. */
  no_such_message: { status: 404, mayRetry: false, over: "both", title: "There is no such message" },
  /** The path exists, with other methods. */
  method_not_allowed: { status: 405, mayRetry: false, over: "http", title: "This path has other methods" },
  /** The socket is not in the room: joining first helps. */
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
  /** The user made as many rooms as one user may. */
  too_many_rooms: {
    status: 409,
    mayRetry: false,
    over: "http",
    title: "You have made as many rooms as one person may",
  },
  /** The cluster has as many rooms as it may have. */
  rooms_full: {
    status: 409,
    mayRetry: false,
    over: "http",
    title: "There are as many rooms as there may be",
  },
  /** The socket is in as many rooms as one may be in. */
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
  /** More frames or messages than the rate allows. */
  too_fast: { status: 429, mayRetry: true, over: "frame", title: "Too fast, wait a little" },
  /** The room makes its members wait between two messages. */
  slow_mode: {
    status: 429,
    mayRetry: true,
    over: "frame",
    title: "This room is in slow mode, wait a little",
  },
  /** The message that trips the spam rule; `muted` follows. */
  spam: { status: 429, mayRetry: true, over: "frame", title: "This looks like spam, wait a little" },
  /** A fault of the server while it handled this one frame or request. Sending again with the same clientId does no harm. */
  internal: {
    status: 500,
    mayRetry: true,
    over: "both",
    title: "Something went wrong here, it was noted; try again later",
  },
  /** A store is away or something is overloaded. The one refusal after which the outcome is unknown: send again with the same clientId. */
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
/** What a `refused` frame may name. */
export type FrameCode = CodesOver<"frame">;
/** What HTTP answers with. */
export type ProblemCode = CodesOver<"http">;

/** Close codes. 4000 to 4099: come back. 4400 to 4499: do not come back by yourself. */
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

/** Whether a client should open a new connection by itself after this close code. */
export const mayComeBack = (code: number): boolean => code < 4400 || code > 4499;
