/** The routes of accounts and sessions. */
import { BODIES } from "../../shared/http-api.ts";
import type { Accounts } from "../accounts.ts";
import { Problem, problem } from "../problem.ts";
import type { OpenedSession, Sessions } from "../sessions.ts";
import { json, noContent, refusal } from "./answers.ts";
import { bodyReader } from "./body.ts";
import type { Answer, Call } from "./call.ts";
import type { Callers } from "./caller.ts";
import type { RefreshCookie } from "./cookie.ts";

export type AccountRoutesDeps = {
  accounts: Accounts;
  sessions: Pick<Sessions, "refresh" | "find" | "end">;
  callers: Callers;
  cookie: RefreshCookie;
};

export function accountRoutes({ accounts, sessions, callers, cookie }: AccountRoutesDeps) {
  const readSignup = bodyReader(BODIES.signup);
  const readLogin = bodyReader(BODIES.login);

  const opened = (status: number, { answer, refreshToken }: OpenedSession): Answer =>
    json(status, answer, cookie.set(refreshToken));

  return {
    signup: async (call: Call): Promise<Answer> =>
      opened(201, await accounts.signUp(await readSignup(call), call.device)),

    login: async (call: Call): Promise<Answer> =>
      opened(200, await accounts.logIn(await readLogin(call), call.device)),

    /** A cookie that is good for nothing is taken away, so that the page does not ask with it again. */
    async refresh(call: Call): Promise<Answer> {
      const token = cookie.read(call.headers.cookie);
      try {
        if (token === null) throw problem("session_expired");
        return opened(200, await sessions.refresh([token]));
      } catch (error) {
        if (error instanceof Problem && error.code === "session_expired")
          return refusal(error, cookie.clear());
        throw error;
      }
    },

    /** Ends the session of the cookie and that of the bearer token; either is enough. Once more does no harm. */
    async logout(call: Call): Promise<Answer> {
      const token = cookie.read(call.headers.cookie);
      const ofCookie = token === null ? null : await sessions.find(token);
      const ofBearer = await bearerSession(call, ofCookie !== null);
      await sessions.end([...new Set([ofCookie, ofBearer])].filter((id) => id !== null));
      return noContent(cookie.clear());
    },
  };

  /** A page whose access token has ended may still log out by its cookie. */
  async function bearerSession(call: Call, hasOther: boolean): Promise<string | null> {
    try {
      return callers.caller(call)?.sessionId ?? null;
    } catch (error) {
      if (hasOther && error instanceof Problem) return null;
      throw error;
    }
  }
}
