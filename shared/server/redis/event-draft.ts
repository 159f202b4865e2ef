/**
 * Events before they have a place in a room's log. Owns their bytes: which fields an event has and in what order. Only the
 * scripts know the seq and the time (append.lua, delete.lua), so a draft is the JSON around these two.
 *
 * Readers of bytes rely on the order: `type` comes first, the author (or whom a notice tells of) before anything that a person wrote,
 * and a message's text last.
 */
import type { Role } from "../../server-frames.ts";

/** `prefix`: the JSON up to the seq's digits. `suffix`: the JSON from behind the time's digits on. `userId`: whose client id it is. */
export type Draft = { room: string; userId: string; clientId: string; prefix: string; suffix: string };

type Named = { id: string; nickname: string };
type Place = { room: string; clientId: string };
type NoticeFields = { code: string; user: Named } & Record<string, unknown>;

/** @param author the role is told of moderators and admins only. */
export function draftMessage(
  place: Place,
  { id, nickname, role }: Named & { role: Role },
  text: string,
): Draft {
  const rank = role === "user" ? {} : { role };
  const fields = { user: { id, nickname }, ...rank, clientId: place.clientId, text };
  return draft("message", place, id, fields);
}

/** @param by id of the user who deletes. */
export const draftDeletion = (place: Place, by: string, target: number): Draft =>
  draft("deleted", place, by, { target, by, clientId: place.clientId });

export function draftNotice(place: Place, { code, user, ...rest }: NoticeFields): Draft {
  const { id, nickname } = user;
  return draft("notice", place, id, { code, user: { id, nickname }, ...rest, clientId: place.clientId });
}

function draft(type: string, { room, clientId }: Place, userId: string, fields: object): Draft {
  const prefix = `{"type":"${type}","room":"${room}","seq":`;
  const suffix = `,${JSON.stringify(fields).slice(1)}`;
  return { room, userId, clientId, prefix, suffix };
}
