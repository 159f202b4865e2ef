/** Every refusal and close code of the contract, each once, with what a client may do about it. */

/** Why a frame was refused. `mayRetry`: sending the same again, later, can succeed. */
export const REFUSALS = {
  invalid: { mayRetry: false },
  too_long: { mayRetry: false },
  empty: { mayRetry: false },
  unauthenticated: { mayRetry: false },
  forbidden: { mayRetry: false },
  no_such_room: { mayRetry: false },
  /** An admin archived it: nobody may join it or write there. */
  room_archived: { mayRetry: false },
  no_such_message: { mayRetry: false },
  not_joined: { mayRetry: true },
  too_fast: { mayRetry: true },
  slow_mode: { mayRetry: true },
  /** The message that trips the spam rule. */
  spam: { mayRetry: true },
  /** Every message while the mute lasts. */
  muted: { mayRetry: true },
  /** The one refusal after which the outcome is unknown: send again with the same clientId. */
  unavailable: { mayRetry: true },
  unknown_type: { mayRetry: false },
  too_many: { mayRetry: true },
  /** A fault of the server while it handled this one frame. Sending again with the same clientId does no harm. */
  internal: { mayRetry: true },
} as const;

export type RefusalCode = keyof typeof REFUSALS;

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

/** Error codes of the HTTP API with their status. The title is for people. */
export const PROBLEMS = {
  invalid: { status: 400, title: "Something in the request is not valid" },
  bad_credentials: { status: 401, title: "E-mail or password is wrong" },
  session_expired: { status: 401, title: "The session has ended, log in again" },
  unauthenticated: { status: 401, title: "Log in first" },
  banned: { status: 403, title: "This account is banned" },
  muted: { status: 403, title: "This account is muted" },
  forbidden: { status: 403, title: "Not allowed" },
  room_archived: { status: 403, title: "This room is archived" },
  not_found: { status: 404, title: "There is no such thing here" },
  no_such_room: { status: 404, title: "There is no such room" },
  no_such_user: { status: 404, title: "There is no such user" },
  no_such_message: { status: 404, title: "There is no such message" },
  method_not_allowed: { status: 405, title: "This path has other methods" },
  email_taken: { status: 409, title: "This e-mail address already has an account" },
  nickname_taken: { status: 409, title: "This nickname is taken" },
  room_taken: { status: 409, title: "A room of this name exists" },
  too_many_rooms: { status: 409, title: "You have made as many rooms as one person may" },
  rooms_full: { status: 409, title: "There are as many rooms as there may be" },
  too_large: { status: 413, title: "The request body is too large" },
  too_many_attempts: { status: 429, title: "Too many attempts, wait a little" },
  internal: { status: 500, title: "Something went wrong here, it was noted; try again later" },
  unavailable: { status: 503, title: "Part of the service is away, try again shortly" },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;
