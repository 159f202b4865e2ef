/** Typed calls of the HTTP API. Never throws: an answer is a value or a problem, and no answer is a problem too. */
import type { ProblemCode } from "../shared/codes.ts";
import type {
  CreateRoomBody,
  HistoryAnswer,
  LoginBody,
  Problem,
  RoomAnswer,
  RoomsAnswer,
  SessionAnswer,
  SignupBody,
} from "../shared/http-api.ts";
import { HISTORY_DEFAULT } from "../shared/limits.ts";
import { API } from "./urls.ts";

/** `unreachable`: no answer that could be understood, so nobody knows what happened. */
export type ApiProblem = Pick<Problem, "fields" | "retryAfterMs"> & { code: ProblemCode | "unreachable" };
export type Answer<T> = { ok: true; value: T } | { ok: false; problem: ApiProblem };

export type Api = ReturnType<typeof createApi>;

const TIMEOUT_MS = 15_000;

export type ApiDeps = {
  fetch: typeof fetch;
  /** The access token to call with, if there is one now. */
  token(): string | undefined;
  /** What the server's clock says, from the `Date` header, in milliseconds since the epoch. */
  toldTime(serverMs: number): void;
};

export function createApi(deps: ApiDeps) {
  return {
    signUp: (body: SignupBody) => call<SessionAnswer>("POST", API.signup, body),
    logIn: (body: LoginBody) => call<SessionAnswer>("POST", API.login, body),
    refresh: () => call<SessionAnswer>("POST", API.refresh, {}),
    logOut: () => call<undefined>("POST", API.logout, {}, deps.token()),
    rooms: () => call<RoomsAnswer>("GET", API.rooms),
    createRoom: (body: CreateRoomBody) => call<RoomAnswer>("POST", API.rooms, body, deps.token()),
    /** Up to 50 events before `before` (exclusive), ascending. */
    history: (room: string, before: number) =>
      call<HistoryAnswer>("GET", API.messages(room, before, HISTORY_DEFAULT)),
  };

  async function call<T>(
    method: "GET" | "POST",
    path: string,
    body?: unknown,
    token?: string,
  ): Promise<Answer<T>> {
    const headers: Record<string, string> = {};
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    if (body !== undefined) headers["content-type"] = "application/json";
    const request: RequestInit = { method, headers, signal: AbortSignal.timeout(TIMEOUT_MS) };
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
