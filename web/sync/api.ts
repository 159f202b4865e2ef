/** Typed calls of the HTTP API. Never throws: an answer is a value or a problem, and no answer is a problem too. */
import type { ProblemCode } from "../../shared/codes.ts";
import type {
  BanBody,
  ChangePasswordBody,
  ChangeRoomBody,
  ClosedHistory,
  ConnectionsAnswer,
  CreateRoomBody,
  HistoryAnswer,
  LoginBody,
  MeAnswer,
  MuteBody,
  OwnRoomsAnswer,
  PersonAnswer,
  Problem,
  ReportsAnswer,
  RoomAnswer,
  RoomsAnswer,
  SessionAnswer,
  SessionsAnswer,
  SignupBody,
} from "../../shared/http-api.ts";
import { HISTORY_DEFAULT } from "../../shared/limits.ts";
import type { Role } from "../../shared/server-frames.ts";
import { API_TIMEOUT_MS } from "../../shared/timeouts.ts";
import { API } from "./urls.ts";

/** `unreachable`: no answer that could be understood, so nobody knows what happened. */
export type ApiProblem = Pick<Problem, "fields" | "retryAfterMs" | "reason" | "until"> & {
  code: ProblemCode | "unreachable";
};
export type Answer<T> = { ok: true; value: T } | { ok: false; problem: ApiProblem };

export type Api = ReturnType<typeof createApi>;

const CONNECTIONS_SHOWN = 20;

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export type ApiDeps = {
  fetch: typeof fetch;
  /** The access token as it is now, if there is one. */
  token(): string | undefined;
  /** The same, renewed when it is about to end. Rejects when it cannot be. */
  freshToken(): Promise<string | undefined>;
  /** What the server's clock says, from the `Date` header, in milliseconds since the epoch. */
  toldTime(serverMs: number): void;
};

export function createApi(deps: ApiDeps) {
  return {
    signUp: (body: SignupBody) => call<SessionAnswer>("POST", API.signup, body),
    logIn: (body: LoginBody) => call<SessionAnswer>("POST", API.login, body),
    refresh: () => call<SessionAnswer>("POST", API.refresh, {}),
    logOut: () => call<undefined>("POST", API.logout, {}, deps.token()),

    rename: (nickname: string) => own<MeAnswer>("PATCH", API.me, { nickname }),
    changePassword: (body: ChangePasswordBody) => own<undefined>("POST", API.password, body),
    closeAccount: (password: string) => own<undefined>("DELETE", API.me, { password }),
    sessions: () => own<SessionsAnswer>("GET", API.sessions),
    endSession: (id: string) => own<undefined>("DELETE", API.session(id)),
    endOtherSessions: () => own<undefined>("DELETE", API.sessions),
    connections: () => own<ConnectionsAnswer>("GET", API.connections(CONNECTIONS_SHOWN)),

    person: (user: string) => own<PersonAnswer>("GET", API.person(user)),
    mute: (user: string, body: MuteBody) => own<undefined>("PUT", API.mute(user), body),
    liftMute: (user: string) => own<undefined>("DELETE", API.mute(user)),
    ban: (user: string, body: BanBody) => own<undefined>("PUT", API.ban(user), body),
    liftBan: (user: string) => own<undefined>("DELETE", API.ban(user)),
    setRole: (user: string, role: Role) => own<undefined>("PUT", API.role(user), { role }),
    reportMessage: (room: string, seq: number, reason: string) =>
      own<undefined>("POST", API.reportMessage(room, seq), { reason }),
    reports: () => own<ReportsAnswer>("GET", API.reports),
    handleReport: (id: string) => own<undefined>("DELETE", API.report(id)),

    rooms: (page: { query?: string; after?: string }) => call<RoomsAnswer>("GET", API.rooms(page)),
    room: (room: string) => call<RoomAnswer>("GET", API.room(room)),
    ownRooms: () => own<OwnRoomsAnswer>("GET", API.ownRooms),
    visitRoom: (room: string) => own<undefined>("PUT", API.ownRoom(room), {}),
    leaveRoom: (room: string) => own<undefined>("DELETE", API.ownRoom(room)),
    closeRoom: (room: string, history: ClosedHistory) =>
      own<undefined>("DELETE", API.closeRoom(room, history)),
    reopenRoom: (room: string) => own<undefined>("DELETE", API.reopenRoom(room)),
    createRoom: (body: CreateRoomBody) => own<RoomAnswer>("POST", API.newRoom, body),
    changeRoom: (room: string, body: ChangeRoomBody) => own<RoomAnswer>("PATCH", API.room(room), body),
    /** One event, if the room still has it. */
    event: (room: string, seq: number) => call<HistoryAnswer>("GET", API.messages(room, seq + 1, 1)),
    /** Up to 50 events before `before` (exclusive), ascending. */
    history: (room: string, before: number) =>
      call<HistoryAnswer>("GET", API.messages(room, before, HISTORY_DEFAULT)),
    /** The newest events of a room that cannot be joined. */
    newest: (room: string) => call<HistoryAnswer>("GET", API.newest(room, HISTORY_DEFAULT)),
  };

  /** Asks as the user. */
  async function own<T>(method: Method, path: string, body?: unknown): Promise<Answer<T>> {
    try {
      return await call<T>(method, path, body, await deps.freshToken());
    } catch {
      // Who we are cannot be found out now: the server is as good as away.
      return { ok: false, problem: { code: "unreachable" } };
    }
  }

  async function call<T>(method: Method, path: string, body?: unknown, token?: string): Promise<Answer<T>> {
    const headers: Record<string, string> = {};
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    if (body !== undefined) headers["content-type"] = "application/json";
    const request: RequestInit = { method, headers, signal: AbortSignal.timeout(API_TIMEOUT_MS) };
    if (body !== undefined) request.body = JSON.stringify(body);
    try {
      const response = await deps.fetch(path, request);
      const date = Date.parse(response.headers.get("date") ?? "");
      if (!Number.isNaN(date)) deps.toldTime(date);
      const value = response.status === 204 ? undefined : await response.json();
      return response.ok ? { ok: true, value } : { ok: false, problem: problemOf(value) };
    } catch {
      // No network, no answer in time, or a page of some proxy: all the same to the person.
      return { ok: false, problem: { code: "unreachable" } };
    }
  }
}

function problemOf(value: unknown): ApiProblem {
  const isProblem = typeof value === "object" && value !== null && "code" in value;
  return isProblem ? (value as ApiProblem) : { code: "unreachable" };
}
