/** SQL of sessions and their refresh tokens. */
import type { EndReason } from "../../shared/http-api.ts";
import { type Db, inTransaction, type Transaction } from "../../shared/server/postgres/pool.ts";
import { UNKNOWN_SUCCESSOR_MS } from "../../shared/timeouts.ts";
import type { Device } from "./device.ts";
import type { RefreshToken } from "./refresh-tokens.ts";

export type SessionQueries = ReturnType<typeof createSessionQueries>;

/** `tokensUntil`: end of its last access token, milliseconds by the clock of the gateway that makes it. */
export type SessionTimes = { lifeMs: number; tokensUntil: number };
export type NewSession = Device & SessionTimes & { id: string; userId: string; token: RefreshToken };

type Exchange =
  | { is: "exchanged"; sessionId: string; userId: string; successor: RefreshToken }
  /** An old token came back although its successor was used: somebody has a copy. */
  | { is: "replayed"; sessionId: string; userId: string }
  | { is: "over"; why: EndReason }
  | { is: "banned"; userId: string }
  | { is: "unknown" };

/** A use of an access token: the refresh token that was issued with it (`refresh` names it) has reached its owner. */
export type TokenUse = { sessionId: string; refresh: string };

/** Times are PostgreSQL's. */
type StoredSession = {
  id: string;
  ip: string | null;
  userAgent: string;
  createdAt: Date;
  lastSeenAt: Date;
};

type LockedSession = {
  id: string;
  userId: string;
  live: boolean;
  banned: boolean;
  why: "reused" | "crowded" | null;
  ended: boolean;
};
type FoundToken = { replaced: boolean; justNow: boolean; successor: Uint8Array | null; spent: boolean };

export function createSessionQueries(db: Db) {
  return {
    insert: (session: NewSession): Promise<void> => insert(db, session),

    /** Stores a session, and ends the user's longest idle ones beyond `max`. @returns the ids of those that ended. */
    add: (session: NewSession, max: number): Promise<string[]> =>
      inTransaction(db, async (tx) => {
        // Serializes the log-ins of one user, so that each sees the sessions of the one before.
        await tx`select from users where id = ${session.userId} for no key update`;
        await insert(tx, session);
        const crowded = await tx<{ id: string }[]>`
          with crowded as (
            update sessions set ended_at = now(), ended_why = 'crowded'
            where id in (
              select id from sessions
              where user_id = ${session.userId} and ended_at is null and expires_at > now() and id <> ${session.id}
              order by last_seen_at desc, id desc offset ${max - 1})
            returning id
          ), useless as (
            update refresh_tokens set spent_at = now() from crowded where session_id = crowded.id
          )
          select id from crowded`;
        return crowded.map(({ id }) => id);
      }),

    /**
     * Trades a refresh token for its successor, and for the same one again until the successor was used. The session's
     * row is locked, so that of two concurrent exchanges the second sees the first.
     * @param successors of the token; the first is issued unless another one was.
     */
    exchange: (token: RefreshToken, successors: RefreshToken[], times: SessionTimes): Promise<Exchange> =>
      inTransaction(db, async (tx): Promise<Exchange> => {
        const session = await lockSession(tx, token);
        if (session === undefined) return { is: "unknown" };
        const { id: sessionId, userId, banned, live, ended, why } = session;
        if (banned) return { is: "banned", userId };
        if (!live) return { is: "over", why: ended ? (why ?? "ended") : "expired" };
        const successor = successorOf(await findToken(tx, token), successors);
        if (successor === undefined) return { is: "replayed", sessionId, userId };
        await giveSuccessor(tx, sessionId, token, successor, times);
        return { is: "exchanged", sessionId, userId, successor };
      }),

    /** @returns the hash, in hexadecimal, of the token among these that was not replaced yet. */
    async findUnreplaced(tokens: readonly RefreshToken[]): Promise<string | undefined> {
      const [token] = await db<{ hash: string }[]>`
        select encode(hash, 'hex') as hash from refresh_tokens
        where replaced_at is null and hash in (
          select decode(given, 'hex') from unnest(${tokens.map(({ hash }) => hexOf(hash))}::text[]) as given)`;
      return token?.hash;
    },

    /** Finds the session of a refresh token, current or replaced. */
    async findByToken(token: RefreshToken): Promise<string | undefined> {
      const [session] = await db<{ id: string }[]>`select id from sessions where id = ${idOf(db, token)}`;
      return session?.id;
    },

    /** From then on each token's predecessor is old. */
    async noteUses(uses: readonly TokenUse[]): Promise<void> {
      await db`
        update refresh_tokens t set spent_at = now()
        from unnest(${uses.map((use) => use.sessionId)}::uuid[], ${uses.map((use) => use.refresh)}::text[])
          as used (session_id, refresh)
        where t.session_id = used.session_id and t.spent_at is null
          and starts_with(encode(t.successor, 'hex'), used.refresh)`;
    },

    /** Usable sessions, the last used first. */
    listOf: async (userId: string): Promise<StoredSession[]> =>
      db<StoredSession[]>`
        select id, host(ip) as ip, user_agent as "userAgent", created_at as "createdAt",
          last_seen_at as "lastSeenAt"
        from sessions where user_id = ${userId} and ended_at is null and expires_at > now()
        order by last_seen_at desc, id desc`,

    /** Whether this user has this session and it is usable. */
    async has(userId: string, sessionId: string): Promise<boolean> {
      const rows = await db`
        select 1 from sessions
        where id = ${sessionId} and user_id = ${userId} and ended_at is null and expires_at > now()`;
      return rows.length === 1;
    },

    async end(ids: string[], why: "reused" | undefined): Promise<void> {
      await db`
        update sessions set ended_at = now(), ended_why = ${why ?? null}
        where id = any(${ids}::uuid[]) and ended_at is null`;
    },

    /** Ends the sessions of a user, except one if given. @returns the ids of those that ended here. */
    async endOf(userId: string, except?: string): Promise<string[]> {
      const ended = await db<{ id: string }[]>`
        update sessions set ended_at = now()
        where user_id = ${userId} and ended_at is null and id is distinct from ${except ?? null}::uuid
        returning id`;
      return ended.map(({ id }) => id);
    },

    /**
     * Ended sessions with an access token that may still be valid by a clock that says `now`, or by PostgreSQL's.
     * @param keepMs longer than the life of an access token, ms.
     */
    async listEnded(now: number, keepMs: number): Promise<string[]> {
      const rows = await db<{ id: string }[]>`
        select id from sessions
        where ended_at is not null and greatest(ended_at, tokens_until)
          > least(now(), ${new Date(now)}::timestamptz) - ${keepMs} * interval '1 millisecond'`;
      return rows.map(({ id }) => id);
    },
  };
}

async function insert(db: Db, session: NewSession): Promise<void> {
  const { id, userId, ip, userAgent, token, lifeMs, tokensUntil } = session;
  await db`
    with session as (
      insert into sessions (id, user_id, ip, user_agent, family, expires_at, tokens_until)
      values (${id}, ${userId}, ${ip}, ${userAgent}, ${token.family}, ${ahead(db, lifeMs)}, ${new Date(tokensUntil)})
      returning id
    )
    insert into refresh_tokens (hash, session_id) select ${token.hash}, id from session`;
}

/** Finds the session by the token itself, or by the half that all its tokens share. */
const idOf = (db: Db, { hash, family }: RefreshToken) => db`
  coalesce((select session_id from refresh_tokens where hash = ${hash}),
    (select id from sessions where family = ${family}))`;

async function lockSession(tx: Transaction, token: RefreshToken): Promise<LockedSession | undefined> {
  const [session] = await tx<LockedSession[]>`
    select s.id, s.user_id as "userId", s.ended_at is null and s.expires_at > now() as live,
      s.ended_at is not null as ended, s.ended_why as why, coalesce(u.banned_until > now(), false) as banned
    from sessions s join users u on u.id = s.user_id
    where s.id = ${idOf(tx, token)}
    for update of s`;
  return session;
}

/** @returns undefined when it is no longer stored. `spent`: its successor was used or replaced. */
async function findToken(tx: Transaction, { hash }: RefreshToken): Promise<FoundToken | undefined> {
  const [token] = await tx<FoundToken[]>`
    select t.replaced_at is not null as replaced, t.successor,
      t.replaced_at > now() - ${UNKNOWN_SUCCESSOR_MS} * interval '1 millisecond' as "justNow",
      t.spent_at is not null
        or t.successor is not null and (next.hash is null or next.replaced_at is not null) as spent
    from refresh_tokens t left join refresh_tokens next on next.hash = t.successor
    where t.hash = ${hash}`;
  return token;
}

/** @returns the token to issue in exchange; undefined: none, because the successor was used already. */
function successorOf(token: FoundToken | undefined, successors: RefreshToken[]): RefreshToken | undefined {
  const [usual] = successors;
  if (token === undefined || token.spent) return undefined;
  if (!token.replaced) return usual;
  const given = token.successor && Buffer.from(token.successor);
  if (given) return successors.find(({ hash }) => given.equals(hash)) ?? usual;
  return token.justNow ? usual : undefined;
}

/** Idempotent except for times. Replaces every other current token of the session. */
async function giveSuccessor(
  tx: Transaction,
  sessionId: string,
  { hash, family }: RefreshToken,
  next: RefreshToken,
  { lifeMs, tokensUntil }: SessionTimes,
): Promise<void> {
  await tx`
    with replaced as (
      update refresh_tokens set
        replaced_at = coalesce(replaced_at, now()),
        successor = case when hash = ${hash} then ${next.hash} else successor end,
        spent_at = case when successor = ${hash} then now() else spent_at end
      where session_id = ${sessionId} and hash <> ${next.hash} and spent_at is null
    ), given as (
      insert into refresh_tokens (hash, session_id) values (${next.hash}, ${sessionId}) on conflict do nothing
    )
    update sessions set last_seen_at = now(), expires_at = ${ahead(tx, lifeMs)}, family = ${family},
      tokens_until = greatest(tokens_until, ${new Date(tokensUntil)}::timestamptz)
    where id = ${sessionId}`;
}

export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const ahead = (db: Db, ms: number) => db`(now() + ${ms} * interval '1 millisecond')`;
