/**
 * Events before they are appended to a room's log. Owns their bytes: the fields of an event and their order. Only the
 * scripts know the seq and the time (append.lua, delete.lua), so a draft is the JSON around these two.
 *
 * Code that reads bytes relies on the order: `type` comes first, the author (or the subject of a notice) before anything that a
 * person wrote, and a message's text last of what stays when it is deleted: a tombstone ends before it.
 */
import type { Mention, Reply, Role } from "../../server-frames.ts";

/** `prefix`: the JSON up to the seq's digits. `suffix`: the JSON after the time's digits. `userId`: the owner of the client id. */
export type Draft = {
  room: string;
  userId: string;
  clientId: string;
  prefix: string;
  suffix: string;
  /** Ids of the users who are to learn of a message; absent without any. */
  notified?: string[];
};
/** The fields of a message that vanish with its text. */
export type Extras = { mentions?: Mention[]; reply?: Reply };

type Named = { id: string; nickname: string };
type Place = { room: string; clientId: string };
type NoticeFields = { code: string; user: Named } & Record<string, unknown>;

/** @param author the event has a role only for moderators and admins. */
export function draftMessage(
  place: Place,
  { id, nickname, role }: Named & { role: Role },
  text: string,
  extras?: Extras,
): Draft {
  const rank = role === "user" ? {} : { role };
  const fields = { user: { id, nickname }, ...rank, clientId: place.clientId, text, ...extras };
  const made = draft("message", place, id, fields);
  if (extras) made.notified = notifiedBy(extras, id);
  return made;
}

/** A reply notifies the author of its target. Nobody is notified of their own message. */
function notifiedBy({ mentions = [], reply }: Extras, author: string): string[] {
  const ids = new Set(mentions.map(({ id }) => id));
  if (reply && reply.user !== "") ids.add(reply.user);
  ids.delete(author);
  return [...ids];
}

/** @param by id of the user who deletes the message. */
export const draftDeletion = (place: Place, by: string, target: number): Draft =>
  draft("deleted", place, by, { target, by, clientId: place.clientId });

/** A removal whose `from` only the script knows: it stands between `middle` and `suffix`. */
export type RemovalDraft = Draft & { middle: string; author: string };

/** @param by id of the moderator who removes the messages of `author`. */
export function draftRemoval(place: Place, by: string, author: string): RemovalDraft {
  const { prefix, ...rest } = draft("removed", place, by, { by, clientId: place.clientId });
  return { ...rest, prefix, author, middle: `,"author":${JSON.stringify(author)},"from":` };
}

export function draftNotice(place: Place, { code, user, ...rest }: NoticeFields): Draft {
  const { id, nickname } = user;
  return draft("notice", place, id, { code, user: { id, nickname }, ...rest, clientId: place.clientId });
}

function draft(type: string, { room, clientId }: Place, userId: string, fields: object): Draft {
  const prefix = `{"type":"${type}","room":"${room}","seq":`;
  const suffix = `,${JSON.stringify(fields).slice(1)}`;
  return { room, userId, clientId, prefix, suffix };
}

/** The JSON around the changes of a `reactions` event: append-reactions.lua knows these. `suffix`: from the end of the changes on. */
export const draftReactions = (room: string, clientId: string): Pick<Draft, "prefix" | "suffix"> => ({
  prefix: `{"type":"reactions","room":"${room}","seq":`,
  suffix: `],"clientId":"${clientId}"}`,
});
