/** Paths, bodies and answers of the HTTP API. Bodies are schemas; the browser imports only the types. */
import Type from "typebox";
import type { ProblemCode, RefusalCode } from "./codes.ts";
import {
  EMAIL_MAX,
  INVITATION_MAX_MS,
  MEMBERS_MAX,
  PASSWORD_MAX,
  ROOM_NAME,
  SLOW_MODE_MAX_MS,
} from "./limits.ts";
import { LEVEL_BODY, PUSH_BODY } from "./push-api.ts";
import type { Ban, OwnUser, PublicUser, Restriction, Role, RoomEvent } from "./server-frames.ts";

const email = Type.String({ maxLength: EMAIL_MAX * 2 });
const password = Type.String({ maxLength: PASSWORD_MAX * 8 });
const nickname = Type.String({ maxLength: 200 });
const title = Type.String({ maxLength: 400 });
const reason = Type.String({ maxLength: 2_000 });
/** A time in ms since the epoch, up to the year 9999, because not every part of the cluster can parse later years. */
const untilMs = Type.Integer({ minimum: 0, maximum: Date.UTC(10_000, 0, 1) - 1 });

/** A week. */
const RAID_MINUTES_MAX = 10_080;

/** Whether the messages of the last hour are removed too; `room`: one of the rooms where they are. */
const removal = {
  removeMessages: Type.Optional(Type.Boolean()),
  room: Type.Optional(Type.String({ pattern: ROOM_NAME.source })),
};

export const BODIES = {
  signup: Type.Object({ email, password, nickname }),
  login: Type.Object({ email, password }),
  rename: Type.Object({ nickname }),
  closeAccount: Type.Object({ password }),
  changePassword: Type.Object({ current: password, next: password }),
  mute: Type.Object({ untilMs, reason: Type.Optional(reason), ...removal }),
  /** Without `untilMs` the ban is permanent. */
  ban: Type.Object({
    untilMs: Type.Optional(Type.Union([untilMs, Type.Null()])),
    reason: Type.Optional(reason),
    ...removal,
  }),
  role: Type.Object({
    role: Type.Union([Type.Literal("user"), Type.Literal("moderator"), Type.Literal("admin")]),
  }),
  report: Type.Object({ reason }),
  pin: Type.Object({ seq: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) }),
  /** An act of a moderator about a report, which also closes it. */
  handleReport: Type.Object({
    act: Type.Union([
      Type.Literal("dismiss"),
      Type.Literal("delete"),
      Type.Literal("mute"),
      Type.Literal("ban"),
    ]),
    removeMessages: Type.Optional(Type.Boolean()),
  }),
  raid: Type.Object({ minutes: Type.Integer({ minimum: 1, maximum: RAID_MINUTES_MAX }) }),
  /** A public room needs a name; a private one gets one that nobody guesses. */
  createRoom: Type.Object({
    name: Type.Optional(Type.String({ pattern: ROOM_NAME.source })),
    title,
    private: Type.Optional(Type.Boolean()),
  }),
  member: Type.Object({
    role: Type.Optional(
      Type.Union([Type.Literal("owner"), Type.Literal("moderator"), Type.Literal("member")]),
    ),
  }),
  invitation: Type.Object({
    lastsMs: Type.Optional(Type.Integer({ minimum: 60_000, maximum: INVITATION_MAX_MS })),
    uses: Type.Optional(Type.Integer({ minimum: 1, maximum: MEMBERS_MAX })),
  }),
  changeRoom: Type.Object({
    title: Type.Optional(title),
    slowModeMs: Type.Optional(Type.Integer({ minimum: 0, maximum: SLOW_MODE_MAX_MS })),
  }),
  push: PUSH_BODY,
  level: LEVEL_BODY,
  /** An error of the page: its kind and its places in our own scripts, and no text that a person wrote. */
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
/** Of a public room. */
export type CreateRoomBody = { name: string; title: string };
export type NewInvitationBody = Type.Static<typeof BODIES.invitation>;
export type ChangePasswordBody = Type.Static<typeof BODIES.changePassword>;
export type MuteBody = Type.Static<typeof BODIES.mute>;
export type BanBody = Type.Static<typeof BODIES.ban>;
export type HandleReportBody = Type.Static<typeof BODIES.handleReport>;
export type ClientErrorBody = Type.Static<typeof BODIES.clientError>;
export type ChangeRoomBody = Type.Static<typeof BODIES.changeRoom>;

/** Why a field of a body is refused, in addition to the problem code of the request. */
export type FieldCode =
  | "missing"
  | "wrong_type"
  | "too_short"
  | "too_long"
  | "bad_format"
  | "not_allowed"
  | "too_common";

/** The fields that people fill in. A name has the same meaning in every body. */
export type FieldName = "email" | "password" | "nickname" | "name" | "title" | "current" | "next" | "reason";

/** Problem codes of a whole request that one field causes, so that a form shows them beside that field. */
export type PlacedProblem = Extract<
  ProblemCode,
  "email_taken" | "nickname_taken" | "room_taken" | "bad_credentials"
>;

/**
 * Why a session is over: its owner ended it (elsewhere, or by a new password), it was unused for too long, an old refresh token
 * was used again, or its owner has too many newer sessions.
 */
export type EndReason = "ended" | "expired" | "reused" | "crowded";

export type Problem = {
  status: number;
  code: RefusalCode;
  title: string;
  detail?: string;
  fields?: Record<string, FieldCode>;
  retryAfterMs?: number;
  /** With `session_expired` an EndReason, if known; with `muted` and `banned` the reason that a moderator gave. */
  reason?: string;
  /** With `muted` and `banned`: when it ends, in ms since the epoch; null: never. */
  until?: number | null;
  /** Identifies the request in the gateway's log. */
  requestId?: string;
};

/** A user as moderators see them, with the restrictions in force. */
export type PersonAnswer = { user: PublicUser; muted: Restriction | null; ban: Ban | null };
/** `expiresAt`: when the access token expires, in ms since the epoch. */
export type SessionAnswer = { user: OwnUser; accessToken: string; expiresAt: number };
export type MeAnswer = { user: OwnUser };
/** `device`: a readable name of the browser and system in `userAgent`. */
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
  /** Above 1, the entry stands for that many consecutive short connections: from the start of the first to the end of the last. */
  times: number;
};
/** Newest first. */
export type ConnectionsAnswer = { connections: Connection[] };
/** `slowModeMs`: how long each member must wait between two messages; 0: slow mode is off. `kind`: absent for a public room. */
export type Room = {
  name: string;
  title: string;
  slowModeMs: number;
  archived?: Archived;
  kind?: "private" | "direct";
};
/** The role in a private room, apart from that in the cluster. */
export type RoomRole = "owner" | "moderator" | "member";
/** Whether everybody or nobody may read the history of an archived room. */
export type Archived = "shown" | "hidden";
/** The fate of a room's history when an admin closes the room; `deleted` cannot be undone. */
export type ClosedHistory = Archived | "deleted";
export type ListedRoom = Room & { people: number };
/** Rooms with the most people first, then by name. `next`: the start of the next page, if there is one. */
export type RoomsAnswer = { rooms: ListedRoom[]; more: boolean; next?: string };
/** The rooms that a user created (`made`) or visited, the latest first. */
export type OwnRoomsAnswer = { rooms: OwnRoom[] };
/** `role`: one's own in a private room. `with`: the other person of a direct line; null: their account is closed. */
export type OwnRoom = ListedRoom & { made: boolean; role?: RoomRole; with?: PublicUser | null };
/** `role`: in the cluster; `roomRole`: in the room. `joinedAt` in ms since the epoch. */
export type RoomMember = PublicUser & { roomRole: RoomRole; joinedAt: number };
/** Owners first, then moderators, then by how long they are in the room. `you`: the caller's role in it. */
export type MembersAnswer = { members: RoomMember[]; you: RoomRole };
/** The secret of a link, shown once. */
export type NewInvitationAnswer = { token: string; expiresAt: number; uses: number };
/** The room behind a link, as its holder may know it. `inviter`: a nickname. */
export type InvitationAnswer = { title: string; members: number; inviter: string };
export type UserAnswer = { user: PublicUser };
export type RoomAnswer = { room: Room };
/** Events ascending by seq. `more`: older ones exist. */
export type HistoryAnswer = { events: RoomEvent[]; more: boolean };
/** Events ascending by seq, around a place. `more`: older ones exist; `newer`: newer ones exist. */
export type WindowAnswer = HistoryAnswer & { newer: boolean };
/** Events by their seqs, ascending; without those that do not exist. */
export type EventsAnswer = { events: RoomEvent[] };
/** A user named in a report or an act; null: the operator, or unknown. */
type Named = { id: string; nickname: string } | null;
export type Report = {
  id: string;
  at: number;
  room: string;
  seq: number;
  author: (NonNullable<Named> & { role?: Exclude<Role, "user"> }) | null;
  reporter: Named;
  reason: string;
  /** The message as it was sent, even if it was deleted since; null: reported through an older gateway. */
  text: string | null;
  saidAt: number | null;
  /** The author's nickname at that time; null also for an account that was closed since. */
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
  | "remove"
  | "report_handled"
  | "pin"
  | "unpin"
  | "raid"
  | "raid_over"
  | "reset_password";
export type AuditAnswer = { acts: Act[]; more: boolean };
export type PeopleAnswer = { people: PublicUser[]; guests: number; more: boolean };
