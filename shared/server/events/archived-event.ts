/** An event of the archive: its columns, and its original JSON. Owns the form only; those who read rows own the reads. */

/** Shown in place of a removed nickname. */
export const CLOSED_NICKNAME = "closed account";

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

/** @returns the event's JSON as it was sent; for a deleted message its tombstone. */
export function archivedEventJson(room: string, event: ArchivedEvent): string {
  const { kind, seq, at, userId, nickname, clientId, text, deleted, data } = event;
  const base = { type: kind, room, seq, at };
  if (kind !== "message") return JSON.stringify({ ...base, ...data });
  // `data` keeps the fields that have no column: of a message the role of its author, and what belongs to its text.
  const role = typeof data?.role === "string" ? { role: data.role } : {};
  // An imported message may have a name without an account, and an account elsewhere without a name.
  const user = { id: userId ?? "", nickname: nickname ?? CLOSED_NICKNAME };
  const said = { ...base, user, ...role, clientId };
  if (deleted) {
    const takenBack = data?.takenBack === true ? { takenBack: true } : {};
    return JSON.stringify({ ...said, ...takenBack, deleted: true });
  }
  return JSON.stringify({
    ...said,
    text,
    ...(Array.isArray(data?.mentions) ? { mentions: data.mentions } : {}),
    ...(data?.reply === undefined ? {} : { reply: data.reply }),
  });
}
