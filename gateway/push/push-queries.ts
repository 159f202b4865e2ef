/** SQL of the browsers that users are notified in. */
import type { LevelsAnswer, RoomLevel } from "../../shared/push-api.ts";
import { type Db, inTransaction } from "../../shared/server/postgres/pool.ts";

/** `p256dh` and `auth`: the browser's public key and secret. `ignored`: ids of people whose messages it does not show. */
export type NewSubscription = {
  sessionId: string;
  endpoint: string;
  p256dh: Uint8Array;
  auth: Uint8Array;
  hideText: boolean;
  ignored: readonly string[];
  language: string | undefined;
};

type Found = { key?: string; own?: { key: string; hideText: boolean } };

export type PushQueries = ReturnType<typeof createPushQueries>;

export function createPushQueries(db: Db) {
  return {
    /**
     * Keeps the subscription of a session, in place of another one. A browser has one user at a time, so subscriptions that
     * others made in it end. Of a user's subscriptions the newest `max` stay.
     * @returns false when the session is over, or the cluster sends no notifications.
     */
    keep: (userId: string, subscription: NewSubscription, max: number): Promise<boolean> =>
      inTransaction(db, async (tx) => {
        const { sessionId, endpoint, p256dh, auth, hideText, ignored, language } = subscription;
        await tx`
          delete from push_subscriptions
          where endpoint = ${endpoint} and auth = ${auth} and session_id <> ${sessionId}`;
        const kept = await tx`
          insert into push_subscriptions (session_id, user_id, endpoint, p256dh, auth, key, hide_text, ignored, language)
          select sessions.id, user_id, ${endpoint}, ${p256dh}, ${auth}, cluster.value, ${hideText}, ${[...ignored]}::uuid[],
            ${language ?? null}
          from sessions, cluster
          where sessions.id = ${sessionId} and user_id = ${userId} and ended_at is null and cluster.key = 'push_key'
          on conflict (session_id) do update set
            endpoint = excluded.endpoint, p256dh = excluded.p256dh, auth = excluded.auth, key = excluded.key,
            hide_text = excluded.hide_text, ignored = excluded.ignored, language = excluded.language, made_at = now(),
            failures = case when push_subscriptions.endpoint = excluded.endpoint then push_subscriptions.failures else 0 end`;
        await tx`
          delete from push_subscriptions where session_id in (
            select session_id from push_subscriptions
            where user_id = ${userId} order by made_at desc, session_id desc offset ${max})`;
        return kept.count === 1;
      }),

    async remove(sessionId: string): Promise<void> {
      await db`delete from push_subscriptions where session_id = ${sessionId}`;
    },

    /** The public key that browsers need, if the cluster has one, and this session's subscription with the key that it was made with. */
    async find(sessionId: string): Promise<Found> {
      const [found] = await db<{ key: string | null; ownKey: string | null; hideText: boolean | null }[]>`
        select (select value from cluster where key = 'push_key') as key, s.key as "ownKey", s.hide_text as "hideText"
        from (select) as one left join push_subscriptions s on s.session_id = ${sessionId}`;
      const { key, ownKey, hideText } = found ?? {};
      return {
        ...(key ? { key } : {}),
        ...(ownKey ? { own: { key: ownKey, hideText: hideText ?? false } } : {}),
      };
    },

    /** The choices of a user in rooms that exist and that they may see, by name. */
    async listLevels(userId: string): Promise<LevelsAnswer["rooms"]> {
      return await db<LevelsAnswer["rooms"]>`
        select name as room, level from room_levels l join rooms r on r.id = l.room_id
        where l.user_id = ${userId} and (r.kind = 'public' or exists (
          select from room_members m where m.room_id = r.id and m.user_id = l.user_id))
        order by name`;
    },

    /** Keeps a choice; none, if it is how the room is without one. The number of a user's choices is bounded. */
    async setLevel(userId: string, roomId: number, level: RoomLevel, max: number): Promise<void> {
      await db`
        with usual as (select case kind when 'direct' then 'all' else 'mentions' end as level from rooms where id = ${roomId}),
        gone as (
          delete from room_levels where user_id = ${userId} and room_id = ${roomId} and (select level from usual) = ${level})
        insert into room_levels (user_id, room_id, level)
        select ${userId}, ${roomId}, ${level} from usual
        where usual.level <> ${level} and (select count(*) from room_levels where user_id = ${userId}) < ${max}
        on conflict (user_id, room_id) do update set level = excluded.level`;
    },
  };
}
