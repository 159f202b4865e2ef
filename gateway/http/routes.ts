/** Every HTTP route of a gateway, on one page. */
import type { TemplatedApp } from "uWebSockets.js";
import type { Config } from "../../shared/server/config.ts";
import type { Log } from "../../shared/server/log.ts";
import type { Tokens } from "../../shared/server/tokens.ts";
import type { ReportInternalError } from "../internal-errors.ts";
import type { TokenUses } from "../token-uses.ts";
import { type AccountRoutesDeps, accountRoutes } from "./accounts.ts";
import { methodNotAllowed, notFound } from "./answers.ts";
import type { Handler } from "./call.ts";
import { createCallers } from "./caller.ts";
import { createRefreshCookie } from "./cookie.ts";
import { preflight } from "./cors.ts";
import { healthRoutes } from "./health.ts";
import { type MeRoutesDeps, meRoutes } from "./me.ts";
import { type ModerationRoutesDeps, moderationRoutes } from "./moderation.ts";
import { createResponder } from "./respond.ts";
import { type RoomRoutesDeps, roomRoutes } from "./rooms.ts";

type Made = "callers" | "cookie";
export type HttpDeps = Omit<AccountRoutesDeps, Made> &
  Omit<MeRoutesDeps, Made> &
  Omit<RoomRoutesDeps, Made> &
  Omit<ModerationRoutesDeps, Made> & {
    config: Pick<Config, "origins" | "secureCookie">;
    log: Log;
    onInternalError: ReportInternalError;
    /** Life of a session that is not used, and so of its cookie. */
    sessionMs: number;
    tokens: Pick<Tokens, "verify">;
    control: { isEnded: (sessionId: string) => boolean };
    uses: Pick<TokenUses, "note">;
    /** Why the gateway cannot serve; empty when it can. */
    notReady: () => string[];
  };

/** In the order in which a refusal names them. */
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
type Methods = { [M in (typeof METHODS)[number]]?: Handler };

export function registerHttp(app: TemplatedApp, deps: HttpDeps): void {
  const callers = createCallers(deps);
  const cookie = createRefreshCookie(deps.config.secureCookie, deps.sessionMs);
  const account = accountRoutes({ ...deps, callers, cookie });
  const me = meRoutes({ ...deps, callers, cookie });
  const room = roomRoutes({ ...deps, callers });
  const moderation = moderationRoutes({ ...deps, callers });
  const health = healthRoutes(deps.notReady);
  const respond = createResponder({ ...deps, origins: deps.config.origins });

  const route = (pattern: string, methods: Methods): void => {
    const { GET, POST, PUT, PATCH, DELETE } = methods;
    if (GET) app.get(pattern, respond(GET)).head(pattern, respond(GET));
    if (POST) app.post(pattern, respond(POST));
    if (PUT) app.put(pattern, respond(PUT));
    if (PATCH) app.patch(pattern, respond(PATCH));
    if (DELETE) app.del(pattern, respond(DELETE));
    const offered = METHODS.filter((method) => methods[method]);
    const allowed = [
      ...offered.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])),
      "OPTIONS",
    ];
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
  route("/api/me", { GET: me.show, PATCH: me.rename, DELETE: me.close });
  route("/api/me/password", { POST: me.changePassword });
  route("/api/me/sessions", { GET: me.sessions, DELETE: me.endOthers });
  route("/api/me/sessions/:id", { DELETE: me.endSession });
  route("/api/me/connections", { GET: me.connections });
  route("/api/rooms", { GET: room.list, POST: room.create });
  route("/api/rooms/:room", { PATCH: room.change });
  route("/api/rooms/:room/messages", { GET: room.messages });
  route("/api/rooms/:room/people", { GET: room.people });
  route("/api/rooms/:room/messages/:seq/report", { POST: moderation.report });
  route("/api/users/:id/mute", { PUT: moderation.mute, DELETE: moderation.unmute });
  route("/api/users/:id/ban", { PUT: moderation.ban, DELETE: moderation.unban });
  route("/api/users/:id/role", { PUT: moderation.setRole });
  route("/api/reports", { GET: moderation.reports });
  route("/api/reports/:id", { DELETE: moderation.handleReport });
  route("/api/audit", { GET: moderation.audit });
  route("/healthz", { GET: health.lives });
  route("/readyz", { GET: health.ready });
  app.any("/*", respond(notFound));
}
