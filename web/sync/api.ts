/** Typed requests to the HTTP API. Never throws: the result is a value or a problem, also without an answer. */
import type { ProblemCode } from "../../shared/codes.ts";
import type {
  BanBody,
  ChangePasswordBody,
  ChangeRoomBody,
  ClosedHistory,
  ConnectionsAnswer,
  CreateRoomBody,
  EventsAnswer,
  HistoryAnswer,
  LoginBody,
  MeAnswer,
  MuteBody,
  OwnRoomsAnswer,
  PeopleAnswer,
  PersonAnswer,
  Problem,
  ReportsAnswer,
  RoomAnswer,
  RoomsAnswer,
  SessionAnswer,
  SessionsAnswer,
  SignupBody,
  WindowAnswer,
} from "../../shared/http-api.ts";
import { HISTORY_DEFAULT } from "../../shared/limits.ts";
import type { MentionsAnswer } from "../../shared/mention-api.ts";
import type { Role } from "../../shared/server-frames.ts";
import { API_TIMEOUT_MS } from "../../shared/timeouts.ts";
import { API, PREFIX } from "./urls.ts";

/** `unreachable`: there was no valid answer, so the outcome is unknown. */
export type ApiProblem = Pick<Problem, "fields" | "retryAfterMs" | "reason" | "until"> & {
  code: ProblemCode | "unreachable";
};
export type Answer<T> = { ok: true; value: T } | { ok: false; problem: ApiProblem };

export type Api = ReturnType<typeof createApi>;

const CONNECTIONS_SHOWN = 20;
const MENTIONS_SHOWN = 50;

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export type ApiDeps = {
  fetch: typeof fetch;
  /** The access token as it is now, if there is one. */
  token(): string | undefined;
  /** The access token, renewed if it is about to expire. Rejects if it cannot be renewed. */
  freshToken(): Promise<string | undefined>;
  /** Called with the time in the `Date` header, in milliseconds since the epoch. */
  sawServerTime(serverMs: number): void;
};

export function createApi(deps: ApiDeps) {
  return {
    /** For requests that come with the script of on-demand parts. */
    asUser: requestAsUser,

    signUp: (body: SignupBody) => send<SessionAnswer>("POST", API.signup, body),
    logIn: (body: LoginBody) => send<SessionAnswer>("POST", API.login, body),
    refresh: () => send<SessionAnswer>("POST", API.refresh, {}),
    logOut: () => send<undefined>("POST", API.logout, {}, deps.token()),

    rename: (nickname: string) => requestAsUser<MeAnswer>("PATCH", API.me, { nickname }),
    changePassword: (body: ChangePasswordBody) => requestAsUser<undefined>("POST", API.password, body),
    closeAccount: (password: string) => requestAsUser<undefined>("DELETE", API.me, { password }),
    sessions: () => requestAsUser<SessionsAnswer>("GET", API.sessions),
    endSession: (id: string) => requestAsUser<undefined>("DELETE", API.session(id)),
    endOtherSessions: () => requestAsUser<undefined>("DELETE", API.sessions),
    mentions: () => requestAsUser<MentionsAnswer>("GET", API.mentions(MENTIONS_SHOWN)),
    connections: () => requestAsUser<ConnectionsAnswer>("GET", API.connections(CONNECTIONS_SHOWN)),

    /** The people in a room by name, guests as a number. */
    people: (room: string) => send<PeopleAnswer>("GET", API.people(room)),
    person: (user: string) => requestAsUser<PersonAnswer>("GET", API.person(user)),
    mute: (user: string, body: MuteBody) => requestAsUser<undefined>("PUT", API.mute(user), body),
    liftMute: (user: string) => requestAsUser<undefined>("DELETE", API.mute(user)),
    ban: (user: string, body: BanBody) => requestAsUser<undefined>("PUT", API.ban(user), body),
    liftBan: (user: string) => requestAsUser<undefined>("DELETE", API.ban(user)),
    setRole: (user: string, role: Role) => requestAsUser<undefined>("PUT", API.role(user), { role }),
    reportMessage: (room: string, seq: number, reason: string) =>
      requestAsUser<undefined>("POST", API.reportMessage(room, seq), { reason }),
    reports: () => requestAsUser<ReportsAnswer>("GET", API.reports),

    rooms: (page: { query?: string; after?: string }) => send<RoomsAnswer>("GET", API.rooms(page)),
    room: (room: string) => requestAsUser<RoomAnswer>("GET", API.room(room)),
    ownRooms: () => requestAsUser<OwnRoomsAnswer>("GET", API.ownRooms),
    visitRoom: (room: string) => requestAsUser<undefined>("PUT", API.ownRoom(room), {}),
    leaveRoom: (room: string) => requestAsUser<undefined>("DELETE", API.ownRoom(room)),
    closeRoom: (room: string, history: ClosedHistory) =>
      requestAsUser<undefined>("DELETE", API.closeRoom(room, history)),
    reopenRoom: (room: string) => requestAsUser<undefined>("DELETE", API.reopenRoom(room)),
    createRoom: (body: CreateRoomBody) => requestAsUser<RoomAnswer>("POST", API.newRoom, body),
    changeRoom: (room: string, body: ChangeRoomBody) =>
      requestAsUser<RoomAnswer>("PATCH", API.room(room), body),
    /** One event, if the room still has it. */
    event: (room: string, seq: number) => requestAsUser<HistoryAnswer>("GET", API.messages(room, seq + 1, 1)),
    /** Up to 50 events before `before` (exclusive), ascending. */
    history: (room: string, before: number) =>
      requestAsUser<HistoryAnswer>("GET", API.messages(room, before, HISTORY_DEFAULT)),
    /** Up to 50 events on both sides of a seq, or the first ones above it, ascending. */
    around: (room: string, seq: number) =>
      requestAsUser<WindowAnswer>("GET", API.place(room, "around", seq, HISTORY_DEFAULT)),
    after: (room: string, seq: number) =>
      requestAsUser<WindowAnswer>("GET", API.place(room, "after", seq, HISTORY_DEFAULT)),
    /** The events with these seqs that exist; at most SEQS_MAX. */
    events: (room: string, seqs: readonly number[]) =>
      requestAsUser<EventsAnswer>("GET", API.events(room, seqs)),
    /** The newest events of a room that cannot be joined. */
    newest: (room: string) => requestAsUser<HistoryAnswer>("GET", API.newest(room, HISTORY_DEFAULT)),
  };

  /** Sends with the access token. */
  async function requestAsUser<T>(method: Method, path: string, body?: unknown): Promise<Answer<T>> {
    try {
      return await send<T>(method, path, body, await deps.freshToken());
    } catch {
      // Without a token the request cannot be sent. To the person that is the same as an unreachable server.
      return { ok: false, problem: { code: "unreachable" } };
    }
  }

  async function send<T>(method: Method, path: string, body?: unknown, token?: string): Promise<Answer<T>> {
    const headers: Record<string, string> = {};
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    if (body !== undefined) headers["content-type"] = "application/json";
    const request: RequestInit = { method, headers, signal: AbortSignal.timeout(API_TIMEOUT_MS) };
    if (body !== undefined) request.body = JSON.stringify(body);
    try {
      const response = await deps.fetch(PREFIX + path, request);
      const date = Date.parse(response.headers.get("date") ?? "");
      if (!Number.isNaN(date)) deps.sawServerTime(date);
      const value = response.status === 204 ? undefined : await response.json();
      return response.ok ? { ok: true, value } : { ok: false, problem: problemOf(value) };
    } catch {
      // No network, no answer in time, or a proxy's error page: all the same to the person.
      return { ok: false, problem: { code: "unreachable" } };
    }
  }
}

function problemOf(value: unknown): ApiProblem {
  const isProblem = typeof value === "object" && value !== null && "code" in value;
  return isProblem ? (value as ApiProblem) : { code: "unreachable" };
}
