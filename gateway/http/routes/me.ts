/** The routes of one's own account: name, password, sessions, connections, and its end. */
import {
  BODIES,
  type ConnectionsAnswer,
  type MeAnswer,
  type SessionsAnswer,
} from "../../../shared/http-api.ts";
import type { Accounts } from "../../accounts/accounts.ts";
import type { Profile } from "../../accounts/profile.ts";
import type { Rename } from "../../accounts/rename.ts";
import type { OwnSessions } from "../../sessions/own-sessions.ts";
import type { Authentication } from "../authenticate.ts";
import { bodyReader } from "../body.ts";
import type { RefreshCookie } from "../cookie.ts";
import { pageLimit } from "../query-string.ts";
import type { Answer, Call } from "../request.ts";
import { json, noContent } from "../response.ts";

export type MeRoutesDeps = {
  accounts: Pick<Accounts, "find">;
  profile: Profile;
  rename: Rename;
  ownSessions: OwnSessions;
  authentication: Authentication;
  cookie: RefreshCookie;
};

export function meRoutes({ accounts, profile, rename, ownSessions, authentication, cookie }: MeRoutesDeps) {
  const readRename = bodyReader(BODIES.rename);
  const readClose = bodyReader(BODIES.closeAccount);
  const readPassword = bodyReader(BODIES.changePassword);

  return {
    async show(call: Call): Promise<Answer> {
      const { userId } = authentication.requireUser(call);
      return json(200, { user: await accounts.find(userId) } satisfies MeAnswer);
    },

    async rename(call: Call): Promise<Answer> {
      const { userId } = authentication.requireUser(call);
      const { nickname } = await readRename(call);
      return json(200, { user: await rename(userId, nickname) } satisfies MeAnswer);
    },

    async close(call: Call): Promise<Answer> {
      const caller = authentication.requireUser(call);
      const { password } = await readClose(call);
      await profile.close(caller, password, call.device.ip);
      return noContent(await cookie.clear(call.headers.cookie));
    },

    async changePassword(call: Call): Promise<Answer> {
      const caller = authentication.requireUser(call);
      await profile.changePassword(caller, await readPassword(call), call.device.ip);
      return noContent();
    },

    async sessions(call: Call): Promise<Answer> {
      const caller = authentication.requireUser(call);
      return json(200, { sessions: await ownSessions.list(caller) } satisfies SessionsAnswer);
    },

    async endSession(call: Call): Promise<Answer> {
      await ownSessions.end(authentication.requireUser(call), call.parameters[0]);
      return noContent();
    },

    async endOthers(call: Call): Promise<Answer> {
      await ownSessions.endOthers(authentication.requireUser(call));
      return noContent();
    },

    async connections(call: Call): Promise<Answer> {
      const caller = authentication.requireUser(call);
      const connections = await ownSessions.connections(caller, pageLimit(call.query));
      return json(200, { connections } satisfies ConnectionsAnswer);
    },
  };
}
