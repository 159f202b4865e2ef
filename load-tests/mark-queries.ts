/** SQL of the load tests that reads what people did to messages: reactions, mentions, pins and removals. */
import postgres from "postgres";
import type { ReactionChange } from "../shared/server-frames.ts";

/** The author of a message, and the people whom it concerns. */
export type Named = { seq: number; author: string; mentions: string[]; replyUser: string | undefined };
export type ReactionRow = { target: number; emoji: string; user: string };
export type MentionRow = { seq: number; user: string };
export type Removal = { seq: number; author: string; from: number };
/** A room's marks in the archive. `pins`: the notices of pins, by seq; `target` is undefined for none. */
export type Marks = {
  named: Named[];
  reactions: { seq: number; changes: ReactionChange[] }[];
  reactionTable: ReactionRow[];
  mentionTable: MentionRow[];
  pins: { seq: number; target: number | undefined }[];
  pinned: number | undefined;
  removals: Removal[];
};

export async function readMarks(databaseUrl: string, room: string): Promise<Marks> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    const [found] = await sql<{ id: number; pinned: number | null }[]>`
      select id, pinned_seq::float8 as pinned from rooms where name = ${room}`;
    if (!found) throw new Error(`there is no room ${room}`);
    const { id, pinned } = found;
    const named = await sql<(Omit<Named, "replyUser"> & { replyUser: string | null })[]>`
      select seq::float8 as seq, user_id as author, data #>> '{reply,user}' as "replyUser",
        array(select jsonb_array_elements(coalesce(data -> 'mentions', '[]')) ->> 'id') as mentions
      from messages where room_id = ${id} and kind = 'message' order by seq`;
    const reactions = await sql<Marks["reactions"]>`
      select seq::float8 as seq, data -> 'changes' as changes from messages
      where room_id = ${id} and kind = 'reactions' order by seq`;
    const reactionTable = await sql<ReactionRow[]>`
      select target::float8 as target, emoji, user_id as "user" from reactions where room_id = ${id}`;
    const mentionTable = await sql<MentionRow[]>`
      select seq::float8 as seq, user_id as "user" from mentions where room_id = ${id}`;
    const pins = await sql<{ seq: number; target: number | null }[]>`
      select seq::float8 as seq, (data ->> 'target')::float8 as target from messages
      where room_id = ${id} and kind = 'notice' and data ->> 'code' in ('pinned', 'unpinned') order by seq`;
    const removals = await sql<Removal[]>`
      select seq::float8 as seq, data ->> 'author' as author, (data ->> 'from')::float8 as from from messages
      where room_id = ${id} and kind = 'removed' order by seq`;
    return {
      named: named.map((row) => ({ ...row, replyUser: row.replyUser ?? undefined })),
      reactions: [...reactions],
      reactionTable: [...reactionTable],
      mentionTable: [...mentionTable],
      pins: pins.map((row) => ({ ...row, target: row.target ?? undefined })),
      pinned: pinned ?? undefined,
      removals: [...removals],
    };
  } finally {
    await sql.end({ timeout: 2 });
  }
}
