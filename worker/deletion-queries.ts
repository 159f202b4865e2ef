/** SQL that applies deletions to archived messages: blanks them and records the acts of moderators. */
import type { Transaction } from "../shared/server/postgres/pool.ts";
import type { StoredRow } from "./event-queries.ts";

/** A `deleted` event and a day on which its target may lie. */
type Deletion = StoredRow & { targetDay: string };
const targetDays = (rows: Deletion[]): string[] => [...new Set(rows.map(({ targetDay }) => targetDay))];

export function createDeletionQueries(tx: Transaction) {
  return {
    /**
     * Blanks the targets of `deleted` events with all that belongs to their text, and stores the seq of the deletion. A target that
     * is not archived yet will arrive as a tombstone. One that its author took back stays marked as that.
     */
    async blankTargets(rows: Deletion[]): Promise<void> {
      await tx`
        update messages set text = null, deleted = true,
          data = jsonb_build_object('deletion', event.seq)
            || case when event.taken_back then jsonb_build_object('takenBack', true) else '{}' end
            || coalesce(messages.data - array['mentions', 'reply'], '{}')
        from unnest(
          ${rows.map((row) => row.roomId)}::integer[],
          ${rows.map((row) => row.seq)}::bigint[],
          ${rows.map((row) => row.target)}::bigint[],
          ${rows.map((row) => row.targetDay)}::date[],
          ${rows.map((row) => String(row.isTakenBack))}::boolean[]
        ) as event (room_id, seq, target, day, taken_back)
        where messages.room_id = event.room_id and messages.seq = event.target and messages.day = event.day
          and messages.day = any(${targetDays(rows)}::date[])`;
    },

    /**
     * Records an act of moderation, with the time of the deletion, for each message that somebody other than its author deleted. It is
     * derived from the deletion itself, so that none is missing, and recorded once even if the batch is written again.
     */
    async recordDeletions(rows: Deletion[]): Promise<void> {
      await tx`
        insert into audit (at, act, by_user, user_id, room, seq)
        select (event.day + event.time) at time zone 'UTC', 'delete', event.by, target.user_id, event.room, event.target
        from unnest(
          ${rows.map((row) => row.room)}::text[],
          ${rows.map((row) => row.roomId)}::integer[],
          ${rows.map((row) => row.target)}::bigint[],
          ${rows.map((row) => row.by)}::uuid[],
          ${rows.map((row) => row.targetDay)}::date[],
          ${rows.map((row) => row.day)}::date[],
          ${rows.map((row) => row.time)}::time[]
        ) as event (room, room_id, target, by, target_day, day, time)
        join messages target
          on target.room_id = event.room_id and target.seq = event.target and target.day = event.target_day
        where target.user_id <> event.by and target.day = any(${targetDays(rows)}::date[])
        on conflict do nothing`;
    },
  };
}
