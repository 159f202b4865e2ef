/** Paths, bodies and answers of the HTTP API. Bodies are schemas; the browser imports only the types. */
import Type from "typebox";
import type { ProblemCode } from "./codes.ts";
import { EMAIL_MOST, PASSWORD_MOST, ROOM_NAME } from "./limits.ts";
import type { OwnUser, PublicUser, RoomEvent } from "./server-frames.ts";

const email = Type.String({ maxLength: EMAIL_MOST * 2 });
const password = Type.String({ maxLength: PASSWORD_MOST * 8 });

export const BODIES = {
  signup: Type.Object({ email, password, nickname: Type.String({ maxLength: 200 }) }),
  login: Type.Object({ email, password }),
  createRoom: Type.Object({
    name: Type.String({ pattern: ROOM_NAME.source }),
    title: Type.String({ maxLength: 400 }),
  }),
} as const;

export type SignupBody = Type.Static<typeof BODIES.signup>;
export type LoginBody = Type.Static<typeof BODIES.login>;
export type CreateRoomBody = Type.Static<typeof BODIES.createRoom>;

/** What a field of a body can be refused for, beside its problem code. */
export type FieldCode =
  | "missing"
  | "wrong_type"
  | "too_short"
  | "too_long"
  | "bad_format"
  | "not_allowed"
  | "too_common";

export type Problem = {
  status: number;
  code: ProblemCode;
  title: string;
  detail?: string;
  fields?: Record<string, FieldCode>;
  retryAfterMs?: number;
};

/** `expiresAt`: when the access token ends, milliseconds since the epoch. */
export type SessionAnswer = { user: OwnUser; accessToken: string; expiresAt: number };
export type MeAnswer = { user: OwnUser };
export type Room = { name: string; title: string };
export type RoomsAnswer = { rooms: (Room & { people: number })[] };
export type RoomAnswer = { room: Room };
/** Events ascending by seq. `more`: older ones exist. */
export type HistoryAnswer = { events: RoomEvent[]; more: boolean };
export type PeopleAnswer = { people: PublicUser[]; guests: number; more: boolean };
