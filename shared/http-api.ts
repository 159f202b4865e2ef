/** Paths, bodies and answers of the HTTP API. Bodies are schemas; the browser imports only the types. */
import Type from "typebox";
import type { ProblemCode, RefusalCode } from "./codes.ts";
import { EMAIL_MAX, PASSWORD_MAX, ROOM_NAME, SLOW_MODE_MAX_MS } from "./limits.ts";
import type { Ban, OwnUser, PublicUser, Restriction, RoomEvent } from "./server-frames.ts";

const email = Type.String({ maxLength: EMAIL_MAX * 2 });
const password = Type.String({ maxLength: PASSWORD_MAX * 8 });
const nickname = Type.String({ maxLength: 200 });
const title = Type.String({ maxLength: 400 });
const reason = Type.String({ maxLength: 2_000 });
/** A time, milliseconds since the epoch; later years have no form that every part of the cluster reads. */
const untilMs = Type.Integer({ minimum: 0, maximum: Date.UTC(10_000, 0, 1) - 1 });

export const BODIES = {
  signup: Type.Object({ email, password, nickname }),
  login: Type.Object({ email, password }),
  rename: Type.Object({ nickname }),
  closeAccount: Type.Object({ password }),
  changePassword: Type.Object({ current: password, next: password }),
  mute: Type.Object({ untilMs, reason: Type.Optional(reason) }),
  /** Without a time: for good. */
  ban: Type.Object({
    untilMs: Type.Optional(Type.Union([untilMs, Type.Null()])),
    reason: Type.Optional(reason),
  }),
  role: Type.Object({
    role: Type.Union([Type.Literal("user"), Type.Literal("moderator"), Type.Literal("admin")]),
  }),
  report: Type.Object({ reason }),
  createRoom: Type.Object({
    name: Type.String({ pattern: ROOM_NAME.source }),
    title,
  }),
  changeRoom: Type.Object({
    title: Type.Optional(title),
    slowModeMs: Type.Optional(Type.Integer({ minimum: 0, maximum: SLOW_MODE_MAX_MS })),
  }),
  /** A fault of the page: its kind and places in our own scripts, and no word that a person wrote. */
  clientError: Type.Object({
    where: Type.Union([
      Type.Literal("start"),
      Type.Literal("screen"),
      Type.Literal("event"),
      Type.Literal("promise"),
    ]),
    name: Type.String({ pattern: "^[A-Za-z]{1,40}$" }),
    /** Innermost first, as `main-1A2B3C.js:12:345`. */
    at: Type.Array(Type.String({ pattern: "^[A-Za-z0-9._-]{1,60}:[0-9]{1,7}:[0-9]{1,7}$" }), { maxItems: 8 }),
  }),
} as const;

export type SignupBody = Type.Static<typeof BODIES.signup>;
export type LoginBody = Type.Static<typeof BODIES.login>;
export type CreateRoomBody = Type.Static<typeof BODIES.createRoom>;
export type ChangePasswordBody = Type.Static<typeof BODIES.changePassword>;
export type MuteBody = Type.Static<typeof BODIES.mute>;
export type BanBody = Type.Static<typeof BODIES.ban>;
export type ClientErrorBody = Type.Static<typeof BODIES.clientError>;
export type ChangeRoomBody = Type.Static<typeof BODIES.changeRoom>;

/** What a field of a body can be refused for, beside its problem code. */
export type FieldCode =
  | "missing"
  | "wrong_type"
  | "too_short"
  | "too_long"
  | "bad_format"
  | "not_allowed"
  | "too_common";

/** The fields of the bodies that people fill in, each with one meaning wherever it occurs. */
export type FieldName = "email" | "password" | "nickname" | "name" | "title" | "current" | "next" | "reason";

/** Problems of a whole request that are one field's fault: people look for them there. */
export type PlacedProblem = Extract<
  ProblemCode,
  "email_taken" | "nickname_taken" | "room_taken" | "bad_credentials"
>;

/**
 * Why a session is over: its owner ended it (elsewhere, or by a new password), it was not used for long, an old refresh token of
 * it came back, or its owner has begun too many.
 */
export type EndReason = "ended" | "expired" | "reused" | "crowded";

export type Problem = {
  status: number;
  code: RefusalCode;
  title: string;
  detail?: string;
  fields?: Record<string, FieldCode>;
  retryAfterMs?: number;
  /** Of `session_expired` an EndReason, where it is known; of `muted` and `banned`, what a moderator gave as the reason. */
  reason?: string;
  /** Of `muted` and `banned`: when that ends; null: never. */
  until?: number | null;
  /** Under which the gateway's log has what went wrong. */
  requestId?: string;
};

/** Somebody as moderators see them: who they are, and what they may not do now. */
export type PersonAnswer = { user: PublicUser; muted: Restriction | null; ban: Ban | null };
/** `expiresAt`: when the access token ends, milliseconds since the epoch. */
export type SessionAnswer = { user: OwnUser; accessToken: string; expiresAt: number };
export type MeAnswer = { user: OwnUser };
/** `device`: what a person would call the browser and system that `userAgent` names. */
export type Session = {
  id: string;
  current: boolean;
  ip: string | null;
  userAgent: string;
  device: string;
  createdAt: number;
  lastSeenAt: number;
};
export type SessionsAnswer = { sessions: Session[] };
export type Connection = {
  connectedAt: number;
  disconnectedAt: number | null;
  ip: string | null;
  userAgent: string;
  device: string;
  gateway: string;
  /** Above 1: so many in turn that were too short to be told apart, the first of them and the last's end. */
  times: number;
};
/** Newest first. */
export type ConnectionsAnswer = { connections: Connection[] };
/** `slowModeMs`: how long each member waits between two messages; 0: not at all. */
export type Room = { name: string; title: string; slowModeMs: number; archived?: Archived };
/** What becomes of the history of a room that is archived: everybody may read it, or nobody. */
export type Archived = "shown" | "hidden";
/** What becomes of a room's history when an admin closes it; `deleted` is for ever. */
export type ClosedHistory = Archived | "deleted";
export type ListedRoom = Room & { people: number };
/** Busiest first, then by name. `next`: where the next page begins, when there is more. */
export type RoomsAnswer = { rooms: ListedRoom[]; more: boolean; next?: string };
/** The rooms that a person made or went to, the latest first. */
export type OwnRoomsAnswer = { rooms: (ListedRoom & { made: boolean })[] };
export type RoomAnswer = { room: Room };
/** Events ascending by seq. `more`: older ones exist. */
export type HistoryAnswer = { events: RoomEvent[]; more: boolean };
/** Somebody named in a report or an act; null: the operator, or nobody that is known. */
type Named = { id: string; nickname: string } | null;
export type Report = {
  id: string;
  at: number;
  room: string;
  seq: number;
  author: Named;
  reporter: Named;
  reason: string;
  /** The message as it was said, also when it was deleted since; null: reported by way of an older gateway. */
  text: string | null;
  saidAt: number | null;
  /** Under which nickname; null also for an account that was closed since. */
  saidAs: string | null;
};
/** Newest first; `more`: older ones exist, below the last one's id. */
export type ReportsAnswer = { reports: Report[]; more: boolean };
export type Act = {
  id: string;
  at: number;
  act: ActName;
  by: Named;
  user: Named;
  room: string | null;
  seq: number | null;
  detail: Record<string, unknown>;
};
export type ActName =
  | "mute"
  | "unmute"
  | "ban"
  | "unban"
  | "role"
  | "room"
  | "room_archived"
  | "room_reopened"
  | "room_deleted"
  | "delete"
  | "report_handled"
  | "reset_password";
export type AuditAnswer = { acts: Act[]; more: boolean };
export type PeopleAnswer = { people: PublicUser[]; guests: number; more: boolean };
