/**
 * Every route of the HTTP API: its method, path, query parameters and body. The gateway registers exactly these routes and passes a
 * handler only the parameters named here. The fuzzer reads the same table, so a new route is fuzzed as soon as it is added.
 */
import type { TSchema } from "typebox";
import { BODIES } from "./http-api.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
export type Route = {
  readonly method: Method;
  /** Parts that begin with a colon are parameters. */
  readonly path: string;
  readonly query?: readonly string[];
  readonly body?: TSchema;
};

export const ROUTES = {
  signUp: { method: "POST", path: "/api/signup", body: BODIES.signup },
  logIn: { method: "POST", path: "/api/login", body: BODIES.login },
  refresh: { method: "POST", path: "/api/refresh" },
  logOut: { method: "POST", path: "/api/logout" },
  me: { method: "GET", path: "/api/me" },
  rename: { method: "PATCH", path: "/api/me", body: BODIES.rename },
  closeAccount: { method: "DELETE", path: "/api/me", body: BODIES.closeAccount },
  changePassword: { method: "POST", path: "/api/me/password", body: BODIES.changePassword },
  sessions: { method: "GET", path: "/api/me/sessions" },
  endOtherSessions: { method: "DELETE", path: "/api/me/sessions" },
  endSession: { method: "DELETE", path: "/api/me/sessions/:id" },
  connections: { method: "GET", path: "/api/me/connections", query: ["limit"] },
  mentions: { method: "GET", path: "/api/me/mentions", query: ["before", "limit"] },
  pushState: { method: "GET", path: "/api/me/push" },
  keepPush: { method: "PUT", path: "/api/me/push", body: BODIES.push },
  removePush: { method: "DELETE", path: "/api/me/push" },
  levels: { method: "GET", path: "/api/me/levels" },
  putLevel: { method: "PUT", path: "/api/me/levels/:room", body: BODIES.level },
  ownRooms: { method: "GET", path: "/api/me/rooms" },
  visitRoom: { method: "PUT", path: "/api/me/rooms/:room" },
  leaveRoom: { method: "DELETE", path: "/api/me/rooms/:room" },
  rooms: { method: "GET", path: "/api/rooms", query: ["query", "archived", "after", "limit"] },
  createRoom: { method: "POST", path: "/api/rooms", body: BODIES.createRoom },
  room: { method: "GET", path: "/api/rooms/:room" },
  roomTitle: { method: "GET", path: "/api/rooms/:room/title" },
  closeRoom: { method: "DELETE", path: "/api/rooms/:room", query: ["history"] },
  reopenRoom: { method: "DELETE", path: "/api/rooms/:room/archive" },
  changeRoom: { method: "PATCH", path: "/api/rooms/:room", body: BODIES.changeRoom },
  messages: {
    method: "GET",
    path: "/api/rooms/:room/messages",
    query: ["before", "after", "around", "seqs", "limit"],
  },
  search: { method: "GET", path: "/api/rooms/:room/search", query: ["q", "before", "limit"] },
  people: { method: "GET", path: "/api/rooms/:room/people" },
  members: { method: "GET", path: "/api/rooms/:room/members" },
  putMember: { method: "PUT", path: "/api/rooms/:room/members/:user", body: BODIES.member },
  removeMember: { method: "DELETE", path: "/api/rooms/:room/members/:user" },
  invite: { method: "POST", path: "/api/rooms/:room/invitations", body: BODIES.invitation },
  endInvitations: { method: "DELETE", path: "/api/rooms/:room/invitations" },
  invitation: { method: "GET", path: "/api/invitations/:token" },
  acceptInvitation: { method: "POST", path: "/api/invitations/:token" },
  openLine: { method: "PUT", path: "/api/direct/:user" },
  pin: { method: "GET", path: "/api/rooms/:room/pin" },
  putPin: { method: "PUT", path: "/api/rooms/:room/pin", body: BODIES.pin },
  removePin: { method: "DELETE", path: "/api/rooms/:room/pin" },
  reactions: { method: "GET", path: "/api/rooms/:room/reactions", query: ["from", "to"] },
  reactionsOf: { method: "GET", path: "/api/rooms/:room/messages/:seq/reactions" },
  report: { method: "POST", path: "/api/rooms/:room/messages/:seq/report", body: BODIES.report },
  findUser: { method: "GET", path: "/api/users", query: ["nickname"] },
  person: { method: "GET", path: "/api/users/:id" },
  mute: { method: "PUT", path: "/api/users/:id/mute", body: BODIES.mute },
  unmute: { method: "DELETE", path: "/api/users/:id/mute" },
  ban: { method: "PUT", path: "/api/users/:id/ban", body: BODIES.ban },
  unban: { method: "DELETE", path: "/api/users/:id/ban" },
  setRole: { method: "PUT", path: "/api/users/:id/role", body: BODIES.role },
  reports: { method: "GET", path: "/api/reports", query: ["before", "limit"] },
  openReports: { method: "GET", path: "/api/reports/open" },
  handleReport: { method: "DELETE", path: "/api/reports/:id" },
  actOnReport: { method: "POST", path: "/api/reports/:id", body: BODIES.handleReport },
  raid: { method: "GET", path: "/api/raid" },
  beginRaid: { method: "PUT", path: "/api/raid", body: BODIES.raid },
  endRaid: { method: "DELETE", path: "/api/raid" },
  audit: { method: "GET", path: "/api/audit", query: ["before", "limit"] },
  clientError: { method: "POST", path: "/api/client-errors", body: BODIES.clientError },
  lives: { method: "GET", path: "/healthz" },
  ready: { method: "GET", path: "/readyz" },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof ROUTES;
