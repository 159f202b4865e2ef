/** Every HTTP route of a gateway, on one page. */
import type { TemplatedApp } from "uWebSockets.js";
import { type Method, ROUTES, type Route, type RouteName } from "../../shared/http-routes.ts";
import type { Tokens } from "../../shared/server/identity/access-tokens.ts";
import type { ClusterName } from "../../shared/server/postgres/cluster-name.ts";
import type { Config } from "../../shared/server/process/config.ts";
import type { Log } from "../../shared/server/process/logger.ts";
import type { ReportInternalError } from "../internal-errors.ts";
import type { TokenUses } from "../sessions/token-uses.ts";
import { createAuthentication } from "./authenticate.ts";
import { createRefreshCookie } from "./cookie.ts";
import { preflight } from "./cors.ts";
import type { Handler } from "./request.ts";
import { createResponder } from "./respond.ts";
import { methodNotAllowed, notFound } from "./response.ts";
import { type AccountRoutesDeps, accountRoutes } from "./routes/accounts.ts";
import { type ClientErrorRoutesDeps, clientErrorRoutes } from "./routes/client-errors.ts";
import { healthRoutes } from "./routes/health.ts";
import { type MeRoutesDeps, meRoutes } from "./routes/me.ts";
import { type ModerationRoutesDeps, moderationRoutes } from "./routes/moderation.ts";
import { type OwnRoomRoutesDeps, ownRoomRoutes } from "./routes/own-rooms.ts";
import { type RoomRoutesDeps, roomRoutes } from "./routes/rooms.ts";

type Made = "authentication" | "cookie";
export type HttpDeps = Omit<AccountRoutesDeps, Made> &
  Omit<MeRoutesDeps, Made> &
  Omit<RoomRoutesDeps, Made> &
  Omit<OwnRoomRoutesDeps, Made> &
  Omit<ModerationRoutesDeps, Made> &
  ClientErrorRoutesDeps & {
    config: Pick<Config, "origins" | "secureCookie">;
    log: Log;
    onInternalError: ReportInternalError;
    /** Life of a session that is not used, and so of its cookie. */
    sessionMs: number;
    tokens: Pick<Tokens, "verify">;
    control: { isEnded: (sessionId: string) => boolean };
    uses: Pick<TokenUses, "note">;
    cluster: () => ClusterName;
    /** Why the gateway cannot serve; empty when it can. */
    notReady: () => string[];
  };

/** The handler of each route that the table names, and no other: adding one without the other is an error of types. */
type Handlers = { [R in RouteName]: Handler };

function handlersOf(deps: HttpDeps): Handlers {
  const authentication = createAuthentication(deps);
  const cookie = createRefreshCookie({
    secure: deps.config.secureCookie,
    lifeMs: deps.sessionMs,
    cluster: deps.cluster,
    isOurs: async (token) => (await deps.sessions.find(token)) !== undefined,
  });
  const account = accountRoutes({ ...deps, authentication, cookie });
  const me = meRoutes({ ...deps, authentication, cookie });
  const room = roomRoutes({ ...deps, authentication });
  const ownRooms = ownRoomRoutes({ ...deps, authentication });
  const moderation = moderationRoutes({ ...deps, authentication });
  const health = healthRoutes(deps.notReady);
  return {
    signUp: account.signup,
    logIn: account.login,
    refresh: account.refresh,
    logOut: account.logout,
    me: me.show,
    rename: me.rename,
    closeAccount: me.close,
    changePassword: me.changePassword,
    sessions: me.sessions,
    endOtherSessions: me.endOthers,
    endSession: me.endSession,
    connections: me.connections,
    ownRooms: ownRooms.list,
    visitRoom: ownRooms.visit,
    leaveRoom: ownRooms.leave,
    rooms: room.list,
    createRoom: room.create,
    room: room.show,
    closeRoom: room.close,
    reopenRoom: room.reopen,
    changeRoom: room.change,
    messages: room.messages,
    people: room.people,
    report: moderation.report,
    person: moderation.person,
    mute: moderation.mute,
    unmute: moderation.unmute,
    ban: moderation.ban,
    unban: moderation.unban,
    setRole: moderation.setRole,
    reports: moderation.reports,
    handleReport: moderation.handleReport,
    audit: moderation.audit,
    clientError: clientErrorRoutes(deps).tell,
    lives: health.lives,
    ready: health.ready,
  };
}

/** In the order in which a refusal names them. */
const METHODS: readonly Method[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

export function registerHttp(app: TemplatedApp, deps: HttpDeps): void {
  const handlers = handlersOf(deps);
  const respond = createResponder({ ...deps, origins: deps.config.origins });
  const routes = Object.entries<Route>(ROUTES) as [RouteName, Route][];

  const register = (name: RouteName, { method, path, query }: Route): void => {
    const answer = respond(handlers[name], query);
    if (method === "GET") app.get(path, answer).head(path, answer);
    else if (method === "DELETE") app.del(path, answer);
    else app[method.toLowerCase() as "post" | "put" | "patch"](path, answer);
  };

  for (const [name, route] of routes) register(name, route);
  for (const path of new Set(routes.map(([, route]) => route.path))) {
    const offered = METHODS.filter((each) =>
      routes.some(([, { method, path: other }]) => other === path && method === each),
    );
    const allowed = [
      ...offered.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])),
      "OPTIONS",
    ];
    app.options(path, respond(preflight));
    app.any(
      path,
      respond(() => methodNotAllowed(allowed)),
    );
  }
  app.any("/*", respond(notFound));
}
