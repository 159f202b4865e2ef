/** An event out of the archive: its columns, and the JSON that they were. Owns the form only; the reads are history/'s. */

import { CLOSED_NICKNAME } from "./redact-author.ts";

export type ArchivedEvent = {
  seq: number;
  at: number;
  kind: string;
  userId: string | null;
  nickname: string | null;
  clientId: string | null;
  text: string | null;
  deleted: boolean;
  data: Record<string, unknown> | null;
};

/** The event's JSON as it was when it was sent; of a deleted message its tombstone. */
export function archivedEventJson(room: string, event: ArchivedEvent): string {
  const { kind, seq, at, userId, nickname, clientId, text, deleted, data } = event;
  const base = { type: kind, room, seq, at };
  if (kind !== "message") return JSON.stringify({ ...base, ...data });
  // Fields of a message that have no column are kept as other events' fields are: the role that its author had.
  const role = typeof data?.role === "string" ? { role: data.role } : {};
  // An imported message may have a name without an account, and an account elsewhere without a name.
  const user = { id: userId ?? "", nickname: nickname ?? CLOSED_NICKNAME };
  const said = { ...base, user, ...role, clientId };
  return JSON.stringify(deleted ? { ...said, deleted: true } : { ...said, text });
}
