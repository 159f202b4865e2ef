/** SQL of notifications: the waiting ones, the people who may get one now, and the browsers that they go to. */
import type { Db } from "../../shared/server/postgres/pool.ts";
import { createRoomNewsQueries } from "./room-news-queries.ts";
import type { PushKind } from "./targets.ts";

/** An older message is no news. A row stays longer than that, so that an event that is archived again is not sent again. */
const NEWS_MS = 3_600_000;
const KEPT_MS = 2 * NEWS_MS;

/** A message for one person. */
export type Queued = {
  userId: string;
  roomId: number;
  seq: number;
  day: string;
  time: string;
  author: string | null;
  kind: PushKind;
};
/** `waitMs`: how long until this person may get one; 0 or less: now. */
export type Waiting = { userId: string; waitMs: number };
/** `message`: one of a room of which they hear everything. `count`: how many it stands for. */
export type Claimed = Pick<Queued, "userId" | "roomId" | "seq" | "day"> & {
  kind: PushKind | "message";
  count: number;
};
export type News = {
  userId: string;
  room: string;
  title: string;
  isDirect: boolean;
  seq: number;
  /** ms since the epoch. */
  at: number;
  authorId: string;
  author: string;
  text: string | null;
  kind: Claimed["kind"];
  count: number;
};
export type Subscription = {
  sessionId: string;
  userId: string;
  endpoint: string;
  p256dh: Uint8Array;
  auth: Uint8Array;
  hideText: boolean;
  /** Ids of people whose messages this browser does not show. */
  ignored: string[];
  language: string | null;
  /** How many times in a row its service failed. */
  failures: number;
};

export function createPushQueries(db: Db) {
  const rooms = createRoomNewsQueries(db);

  return {
    queueRooms: (said: Parameters<typeof rooms.queue>[0]): Promise<void> => rooms.queue(said, NEWS_MS),

    async queue(rows: readonly Queued[]): Promise<void> {
      await db`
        insert into push_queue (user_id, room_id, seq, day, at, kind)
        select user_id, room_id, seq, day, (day + time) at time zone 'UTC', kind
        from unnest(
          ${rows.map((row) => row.userId)}::uuid[],
          ${rows.map((row) => row.roomId)}::integer[],
          ${rows.map((row) => row.seq)}::bigint[],
          ${rows.map((row) => row.day)}::date[],
          ${rows.map((row) => row.time)}::time[],
          ${rows.map((row) => row.kind)}::text[]
        ) as news (user_id, room_id, seq, day, time, kind)
        where exists (select from push_subscriptions s where s.user_id = news.user_id)
          and (day + time) at time zone 'UTC' > now() - ${NEWS_MS} * interval '1 millisecond'
        on conflict do nothing`;
    },

    /** The people for whom something waits, those first who may get it now. */
    async listWaiting(max: number): Promise<Waiting[]> {
      return await db<Waiting[]>`
        select waiting.user_id as "userId",
          coalesce(extract(epoch from pace.next_at - now()) * 1000, 0)::float8 as "waitMs"
        from (
          select user_id from push_queue where taken_at is null union select user_id from push_rooms where taken_at is null
        ) waiting
        left join push_pace pace on pace.user_id = waiting.user_id
        order by 2 limit ${max}`;
    },

    /**
     * Takes all that waits for these people, so that no other worker sends it, now or after a crash. Leaves out those who got something
     * less than `paceMs` ago.
     */
    async claim(userIds: readonly string[], paceMs: number): Promise<Claimed[]> {
      const turn = await db<{ userId: string }[]>`
        insert into push_pace (user_id, next_at)
        select id, now() + ${paceMs} * interval '1 millisecond' from unnest(${[...userIds].toSorted()}::uuid[]) as id
        on conflict (user_id) do update set next_at = excluded.next_at where push_pace.next_at <= now()
        returning user_id as "userId"`;
      const people = turn.map(({ userId }) => userId);
      const queued = await db<Claimed[]>`
        update push_queue set taken_at = now()
        where taken_at is null and user_id = any(${people}::uuid[])
        returning user_id as "userId", room_id as "roomId", seq::float8 as seq, day::text as day, kind, 1 as count`;
      return [...queued, ...(await rooms.claim(people))];
    },

    /** The claimed messages that still exist and that their people may read and want to hear of, oldest first. */
    async findNews(claimed: readonly Claimed[]): Promise<News[]> {
      if (claimed.length === 0) return [];
      return await db<News[]>`
        select news.user_id as "userId", r.name as room, r.title, r.kind = 'direct' as "isDirect", m.seq::float8 as seq,
          (extract(epoch from (m.day + m.time)) * 1000)::float8 as at, m.user_id as "authorId", m.nickname as author,
          m.text, news.kind, news.count
        from unnest(
          ${claimed.map((each) => each.userId)}::uuid[],
          ${claimed.map((each) => each.roomId)}::integer[],
          ${claimed.map((each) => each.seq)}::bigint[],
          ${claimed.map((each) => each.day)}::date[],
          ${claimed.map((each) => each.kind)}::text[],
          ${claimed.map((each) => each.count)}::integer[]
        ) as news (user_id, room_id, seq, day, kind, count)
        join messages m using (room_id, seq, day)
        join rooms r on r.id = news.room_id
        where m.day = any(${[...new Set(claimed.map(({ day }) => day))]}::date[])
          and not m.deleted and m.text is not null and m.user_id is not null and m.nickname is not null
          and case when r.kind = 'public' then not r.history_hidden
            else exists (select from room_members where room_members.room_id = r.id and room_members.user_id = news.user_id) end
          and not exists (
            select from room_levels l where l.user_id = news.user_id and l.room_id = news.room_id
              and (l.level = 'none' or (l.level = 'mentions' and news.kind = 'message')))
        order by m.day, m.time, m.seq`;
    },

    /** The browsers of these people whose session lasts. @param key the public key that they subscribed with. */
    async listSubscriptions(userIds: readonly string[], key: string): Promise<Subscription[]> {
      return await db<Subscription[]>`
        select s.session_id as "sessionId", s.user_id as "userId", s.endpoint, s.p256dh, s.auth,
          s.hide_text as "hideText", s.ignored, s.language, s.failures
        from push_subscriptions s join sessions on sessions.id = s.session_id join users u on u.id = s.user_id
        where s.user_id = any(${[...userIds]}::uuid[]) and s.key = ${key}
          and sessions.ended_at is null and sessions.expires_at > now()
          and coalesce(u.banned_until <= now(), true)`;
    },

    /** Deletes a subscription, unless the session has another one by now. */
    async remove(sessionId: string, endpoint: string): Promise<void> {
      await db`delete from push_subscriptions where session_id = ${sessionId} and endpoint = ${endpoint}`;
    },

    async setFailures(sessionId: string, failures: number): Promise<void> {
      await db`update push_subscriptions set failures = ${failures} where session_id = ${sessionId}`;
    },

    async forgetOld(): Promise<void> {
      await db`delete from push_queue where at < now() - ${KEPT_MS} * interval '1 millisecond'`;
      await rooms.forgetOld(KEPT_MS);
      await db`delete from push_pace where next_at < now()`;
    },
  };
}
