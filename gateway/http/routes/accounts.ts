/** The routes of accounts and sessions. */
import { BODIES } from "../../../shared/http-api.ts";
import type { Accounts } from "../../accounts/accounts.ts";
import { Refusal } from "../../errors.ts";
import type { OpenedSession, Sessions } from "../../sessions/sessions.ts";
import type { Authentication } from "../authenticate.ts";
import { bodyReader } from "../body.ts";
import type { RefreshCookie } from "../cookie.ts";
import type { Answer, Call } from "../request.ts";
import { json, noContent, refusal } from "../response.ts";

export type AccountRoutesDeps = {
  accounts: Accounts;
  sessions: Pick<Sessions, "refresh" | "find" | "end">;
  authentication: Authentication;
  cookie: RefreshCookie;
};

export function accountRoutes({ accounts, sessions, authentication, cookie }: AccountRoutesDeps) {
  const readSignup = bodyReader(BODIES.signup);
  const readLogin = bodyReader(BODIES.login);

  const opened = async (call: Call, status: number, session: Promise<OpenedSession>): Promise<Answer> => {
    const { answer, refreshToken } = await session;
    return json(status, answer, await cookie.set(call.headers.cookie, refreshToken));
  };

  return {
    signup: async (call: Call): Promise<Answer> =>
      opened(call, 201, accounts.signUp(await readSignup(call), call.device)),

    login: async (call: Call): Promise<Answer> =>
      opened(call, 200, accounts.logIn(await readLogin(call), call.device)),

    /** Removes a cookie that is good for nothing, so that the page does not ask with it again. */
    async refresh(call: Call): Promise<Answer> {
      try {
        return await opened(call, 200, sessions.refresh(cookie.read(call.headers.cookie)));
      } catch (error) {
        if (error instanceof Refusal && error.code === "session_expired")
          return refusal(error, await cookie.clear(call.headers.cookie));
        throw error;
      }
    },

    /** Ends the session of the cookie and that of the bearer token; either is enough. Idempotent. */
    async logout(call: Call): Promise<Answer> {
      const found = await Promise.all(cookie.read(call.headers.cookie).map(sessions.find));
      const ofCookie = found.filter((id) => id !== undefined);
      const ofBearer = await bearerSession(call, ofCookie.length > 0);
      await sessions.end([...new Set([...ofCookie, ...(ofBearer === undefined ? [] : [ofBearer])])]);
      return noContent(await cookie.clear(call.headers.cookie));
    },
  };

  /** A page whose access token has ended may still log out by its cookie. */
  async function bearerSession(call: Call, hasOther: boolean): Promise<string | undefined> {
    try {
      return authentication.optionalUser(call)?.sessionId;
    } catch (error) {
      if (hasOther && error instanceof Refusal) return undefined;
      throw error;
    }
  }
}
