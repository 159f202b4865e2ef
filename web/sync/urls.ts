/** Every address that the client uses. All are on the origin that served the page. */
import type { ClosedHistory } from "../../shared/http-api.ts";
import { LOBBY, PRIVATE_NAME, ROOM_NAME } from "../../shared/limits.ts";

/**
 * The path below which the cluster serves, if its address has one: `/chat`, else empty. The page names it by its
 * manifest, because its own path may be that of a room, or of nothing.
 */
export const PREFIX = prefixOf(
  globalThis.document?.querySelector<HTMLLinkElement>("link[rel=manifest]")?.href,
);

/** @param manifest its address, where there is a page. */
export function prefixOf(manifest: string | undefined): string {
  return manifest === undefined ? "" : new URL(".", manifest).pathname.slice(0, -1);
}

/** The name of all that this browser keeps, or shares between tabs: another cluster on the same host has another one. */
export const SITE = `suda${PREFIX}`;

/** Rooms of one page of the list. */
const ROOMS_SHOWN = 30;

/** Below the prefix. */
export const API = {
  signup: "/api/signup",
  login: "/api/login",
  refresh: "/api/refresh",
  logout: "/api/logout",
  me: "/api/me",
  password: "/api/me/password",
  sessions: "/api/me/sessions",
  session: (id: string) => `/api/me/sessions/${id}`,
  mentions: (limit: number) => `/api/me/mentions?limit=${limit}`,
  connections: (limit: number) => `/api/me/connections?limit=${limit}`,
  person: (user: string) => `/api/users/${user}`,
  mute: (user: string) => `/api/users/${user}/mute`,
  ban: (user: string) => `/api/users/${user}/ban`,
  role: (user: string) => `/api/users/${user}/role`,
  reports: "/api/reports",
  report: (id: string) => `/api/reports/${id}`,
  /** A page of the list. `query`: the searched text; `after`: the end of the previous page. */
  rooms: ({ query, after }: { query?: string; after?: string }) =>
    `/api/rooms?${new URLSearchParams({ limit: String(ROOMS_SHOWN), ...(query ? { query } : {}), ...(after ? { after } : {}) })}`,
  newRoom: "/api/rooms",
  ownRooms: "/api/me/rooms",
  ownRoom: (room: string) => `/api/me/rooms/${room}`,
  closeRoom: (room: string, history: ClosedHistory) => `/api/rooms/${room}?history=${history}`,
  reopenRoom: (room: string) => `/api/rooms/${room}/archive`,
  people: (room: string) => `/api/rooms/${room}/people`,
  room: (room: string) => `/api/rooms/${room}`,
  reportMessage: (room: string, seq: number) => `/api/rooms/${room}/messages/${seq}/report`,
  messages: (room: string, before: number, limit: number) =>
    `/api/rooms/${room}/messages?kinds=all&before=${before}&limit=${limit}`,
  place: (room: string, at: "around" | "after", seq: number, limit: number) =>
    `/api/rooms/${room}/messages?kinds=all&${at}=${seq}&limit=${limit}`,
  events: (room: string, seqs: readonly number[]) => `/api/rooms/${room}/messages?seqs=${seqs.join()}`,
  clientErrors: "/api/client-errors",
  newest: (room: string, limit: number) => `/api/rooms/${room}/messages?limit=${limit}`,
} as const;

/** The WebSocket address beside the page at `origin`: `wss` exactly when the page came over TLS. */
export const socketUrl = (origin: string): string => `${origin.replace(/^http/, "ws")}${PREFIX}/ws`;

/** @param prefix differs from the page's own in tests. */
export const roomPath = (room: string, prefix = PREFIX): string =>
  room === LOBBY ? `${prefix}/` : `${prefix}/r/${encodeURIComponent(room)}`;

/** Whether only its members see a room of this name, if there is one. */
export const isPrivateName = (name: string): boolean => PRIVATE_NAME.test(name);

export const isRoomName = (name: string): boolean => ROOM_NAME.test(name);

/** The longest name that is shown if no room can have it. */
const ODD_NAME_CHARS = 40;

/** The token of an invitation's link. */
export const invitationOfPath = (path: string): string | undefined =>
  /^\/invite\/([\w-]{22})\/?$/.exec(path.slice(PREFIX.length))?.[1];

/** The path of an invitation's link. */
export const invitationPath = (token: string): string => `${PREFIX}/invite/${token}`;

/**
 * The room that a path names; the lobby if it names none. Removes additions of fingers and editors: capitals, full
 * width letters, and brackets and full stops around the name.
 * @returns a name that no room can have if the rest is not a room name.
 */
export function roomOfPath(path: string, prefix = PREFIX): string {
  const below = path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
  const written = /^\/r\/(.*?)\/*$/is.exec(below)?.[1];
  if (!written) return LOBBY;
  const name = decoded(written.slice(0, 400)).normalize("NFKC").toLowerCase();
  const trimmed = name.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}-]+$/gu, "");
  return isRoomName(trimmed) ? trimmed : trimmed.slice(0, ODD_NAME_CHARS).toWellFormed() || LOBBY;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
