/** Every HTTP route of a gateway, on one page. */
import type { TemplatedApp } from "uWebSockets.js";
import type { Config } from "../../shared/server/config.ts";
import type { Log } from "../../shared/server/log.ts";
import type { Tokens } from "../../shared/server/tokens.ts";
import { type AccountRoutesDeps, accountRoutes } from "./accounts.ts";
import { methodNotAllowed, notFound } from "./answers.ts";
import type { Handler } from "./call.ts";
import { createCallers } from "./caller.ts";
import { createRefreshCookie } from "./cookie.ts";
import { preflight } from "./cors.ts";
import { healthRoutes } from "./health.ts";
import { createResponder } from "./respond.ts";
import { type RoomRoutesDeps, roomRoutes } from "./rooms.ts";

type Made = "callers" | "cookie";
export type HttpDeps = Omit<AccountRoutesDeps, Made> &
  Omit<RoomRoutesDeps, Made> & {
    config: Pick<Config, "origins" | "secureCookie">;
    log: Log;
    /** Life of a session that is not used, and so of its cookie. */
    sessionMs: number;
    tokens: Pick<Tokens, "verify">;
    control: { isEnded: (sessionId: string) => boolean };
    /** Why the gateway cannot serve; empty when it can. */
    notReady: () => string[];
  };

type Methods = { GET?: Handler; POST?: Handler };

export function registerHttp(app: TemplatedApp, deps: HttpDeps): void {
  const callers = createCallers(deps);
  const cookie = createRefreshCookie(deps.config.secureCookie, deps.sessionMs);
  const account = accountRoutes({ ...deps, callers, cookie });
  const room = roomRoutes({ ...deps, callers });
  const health = healthRoutes(deps.notReady);
  const respond = createResponder({ origins: deps.config.origins, log: deps.log });

  const route = (pattern: string, { GET, POST }: Methods): void => {
    if (GET) app.get(pattern, respond(GET)).head(pattern, respond(GET));
    if (POST) app.post(pattern, respond(POST));
    const allowed = [...(GET ? ["GET", "HEAD"] : []), ...(POST ? ["POST"] : []), "OPTIONS"];
    app.options(pattern, respond(preflight));
    app.any(
      pattern,
      respond(() => methodNotAllowed(allowed)),
    );
  };

  route("/api/signup", { POST: account.signup });
  route("/api/login", { POST: account.login });
  route("/api/refresh", { POST: account.refresh });
  route("/api/logout", { POST: account.logout });
  route("/api/me", { GET: account.me });
  route("/api/rooms", { GET: room.list, POST: room.create });
  route("/api/rooms/:room/messages", { GET: room.messages });
  route("/api/rooms/:room/people", { GET: room.people });
  route("/healthz", { GET: health.lives });
  route("/readyz", { GET: health.ready });
  app.any("/*", respond(notFound));
}
