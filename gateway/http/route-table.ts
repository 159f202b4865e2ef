/** Every HTTP route of a gateway, on one page. */
import type { TemplatedApp } from "uWebSockets.js";
import { type Method, ROUTES, type Route, type RouteName } from "../../shared/http-routes.ts";
import type { Authentication } from "./authenticate.ts";
import type { RefreshCookie } from "./cookie.ts";
import { preflight } from "./cors.ts";
import type { Handler } from "./request.ts";
import { createResponder } from "./respond.ts";
import { methodNotAllowed, notFound } from "./response.ts";
import { type AccountRoutesDeps, accountRoutes } from "./routes/accounts.ts";
import { type ClientErrorRoutesDeps, clientErrorRoutes } from "./routes/client-errors.ts";
import { healthRoutes } from "./routes/health.ts";
import { type HistoryRoutesDeps, historyRoutes } from "./routes/history.ts";
import { type MeRoutesDeps, meRoutes } from "./routes/me.ts";
import { type MemberRoutesDeps, memberRoutes } from "./routes/members.ts";
import { type MentionRoutesDeps, mentionRoutes } from "./routes/mentions.ts";
import { type ModerationRoutesDeps, moderationRoutes } from "./routes/moderation.ts";
import { type OwnRoomRoutesDeps, ownRoomRoutes } from "./routes/own-rooms.ts";
import { type PinRoutesDeps, pinRoutes } from "./routes/pins.ts";
import { type PushRoutesDeps, pushRoutes } from "./routes/push.ts";
import { type ReactionRoutesDeps, reactionRoutes } from "./routes/reactions.ts";
import { type RoomRoutesDeps, roomRoutes } from "./routes/rooms.ts";

import { type SearchRoutesDeps, searchRoutes } from "./routes/search.ts";
import { type UserRoutesDeps, userRoutes } from "./routes/users.ts";

type Made = "authentication" | "cookie";
export type HttpDeps = {
  authentication: Authentication;
  cookie: RefreshCookie;
  /** Allowed origins, and the report of bugs. */
  responder: Parameters<typeof createResponder>[0];
  /** Dependencies of each group of routes beside those. */
  groups: {
    account: Omit<AccountRoutesDeps, Made>;
    me: Omit<MeRoutesDeps, Made>;
    rooms: Omit<RoomRoutesDeps, Made>;
    pins: Omit<PinRoutesDeps, Made>;
    history: Omit<HistoryRoutesDeps, Made> & Omit<ReactionRoutesDeps, Made>;
    search: Omit<SearchRoutesDeps, Made>;
    mentions: Omit<MentionRoutesDeps, Made>;
    ownRooms: Omit<OwnRoomRoutesDeps, Made>;
    members: Omit<MemberRoutesDeps, Made>;
    users: Omit<UserRoutesDeps, Made>;
    push: Omit<PushRoutesDeps, Made>;
    moderation: Omit<ModerationRoutesDeps, Made>;
    clientErrors: ClientErrorRoutesDeps;
    health: { notReady: () => string[] };
  };
};

/** The handler of each route of the table and no others, so that adding one without the other does not compile. */
type Handlers = { [R in RouteName]: Handler };

function handlersOf({ authentication, cookie, groups }: HttpDeps): Handlers {
  const account = accountRoutes({ ...groups.account, authentication, cookie });
  const me = meRoutes({ ...groups.me, authentication, cookie });
  const room = roomRoutes({ ...groups.rooms, authentication });
  const history = historyRoutes({ ...groups.history, authentication });
  const mentions = mentionRoutes({ ...groups.mentions, authentication });
  const reactions = reactionRoutes({ ...groups.history, authentication });
  const ownRooms = ownRoomRoutes({ ...groups.ownRooms, authentication });
  const members = memberRoutes({ ...groups.members, authentication });
  const users = userRoutes({ ...groups.users, authentication });
  const moderation = moderationRoutes({ ...groups.moderation, authentication });
  const health = healthRoutes(groups.health.notReady);
  return {
    ...moderation,
    ...pinRoutes({ ...groups.pins, authentication }),
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
    mentions: mentions.list,
    ...pushRoutes({ ...groups.push, authentication }),
    ownRooms: ownRooms.list,
    visitRoom: ownRooms.visit,
    leaveRoom: ownRooms.leave,
    rooms: room.list,
    createRoom: room.create,
    room: room.show,
    roomTitle: room.title,
    closeRoom: room.close,
    reopenRoom: room.reopen,
    changeRoom: room.change,
    messages: history.messages,
    people: history.people,
    ...searchRoutes({ ...groups.search, authentication }),
    members: members.list,
    putMember: members.put,
    removeMember: members.remove,
    invite: members.invite,
    endInvitations: members.endInvitations,
    invitation: members.invitation,
    acceptInvitation: members.accept,
    openLine: members.openLine,
    findUser: users.find,
    reactions: reactions.count,
    reactionsOf: reactions.list,
    clientError: clientErrorRoutes(groups.clientErrors).tell,
    lives: health.lives,
    ready: health.ready,
  };
}

/** A refusal names them in this order. */
const METHODS: readonly Method[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

export function registerHttp(app: TemplatedApp, deps: HttpDeps): void {
  const handlers = handlersOf(deps);
  const respond = createResponder(deps.responder);
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
