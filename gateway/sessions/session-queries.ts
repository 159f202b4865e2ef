/** SQL of sessions and their refresh tokens. */
import type { EndReason } from "../../shared/http-api.ts";
import type { Sql, Transaction } from "../../shared/server/postgres/pool.ts";
import { UNKNOWN_SUCCESSOR_MS } from "../../shared/timeouts.ts";
import type { Device } from "../accounts/user-queries.ts";
import type { RefreshToken } from "./refresh-tokens.ts";

export type SessionQueries = ReturnType<typeof createSessionQueries>;

/** `tokensUntil`: when the last of its access tokens ends, milliseconds by the clock of the gateway that makes it. */
export type SessionTimes = { lifeMs: number; tokensUntil: number };
export type NewSession = Device & SessionTimes & { id: string; userId: string; token: RefreshToken };

export type Exchange =
  | { is: "exchanged"; sessionId: string; userId: string; successor: RefreshToken }
  /** An old token came back though its successor is in use: somebody has a copy. */
  | { is: "replayed"; sessionId: string; userId: string }
  | { is: "over"; why: EndReason }
  | { is: "banned"; userId: string }
  | { is: "unknown" };

/** An access token came in: the refresh token it was given with (as it names it) is in its owner's hands. */
export type TokenUse = { sessionId: string; refresh: string };

type LockedSession = {
  id: string;
  userId: string;
  live: boolean;
  banned: boolean;
  why: "reused" | "crowded" | null;
  ended: boolean;
};
type FoundToken = { replaced: boolean; justNow: boolean; successor: Uint8Array | null; spent: boolean };

export function createSessionQueries(sql: Sql) {
  return {
    /**
     * Stores a session, and ends those of the user that were idle longest beyond `most`.
     * @returns the ids of those that ended.
     */
    addSession(session: NewSession, most: number): Promise<string[]> {
      return sql.begin(async (tx) => {
        // One log-in of a user after the other: each sees the sessions of the one before.
        await tx`select from users where id = ${session.userId} for no key update`;
        await insertSession(tx, session);
        const crowded = await tx<{ id: string }[]>`
          with crowded as (
            update sessions set ended_at = now(), ended_why = 'crowded'
            where id in (
              select id from sessions
              where user_id = ${session.userId} and ended_at is null and expires_at > now() and id <> ${session.id}
              order by last_seen_at desc, id desc offset ${most - 1})
            returning id
          ), useless as (
            update refresh_tokens set spent_at = now() from crowded where session_id = crowded.id
          )
          select id from crowded`;
        return crowded.map(({ id }) => id);
      }) as Promise<string[]>;
    },

    /**
     * Trades a refresh token for its successor: the same one again until that was seen in use. The session's row is held, so
     * that of two exchanges at once the second sees what the first did.
     * @param successors of the token; the first is given unless another one was.
     */
    exchange(token: RefreshToken, successors: RefreshToken[], times: SessionTimes): Promise<Exchange> {
      return sql.begin(async (tx): Promise<Exchange> => {
        const session = await lockSession(tx, token);
        if (session === null) return { is: "unknown" };
        const { id: sessionId, userId, banned, live, ended, why } = session;
        if (banned) return { is: "banned", userId };
        if (!live) return { is: "over", why: ended ? (why ?? "ended") : "expired" };
        const successor = successorOf(await findToken(tx, token), successors);
        if (successor === null) return { is: "replayed", sessionId, userId };
        await giveSuccessor(tx, sessionId, token, successor, times);
        return { is: "exchanged", sessionId, userId, successor };
      }) as Promise<Exchange>;
    },

    /** Which of the tokens was not replaced yet, by hash in hexadecimal; null: none. */
    async findUnreplaced(tokens: readonly RefreshToken[]): Promise<string | null> {
      const [token] = await sql<{ hash: string }[]>`
        select encode(hash, 'hex') as hash from refresh_tokens
        where replaced_at is null and hash in (
          select decode(given, 'hex') from unnest(${tokens.map(({ hash }) => hexOf(hash))}::text[]) as given)`;
      return token?.hash ?? null;
    },

    /** The session of a refresh token, old or in use; null: none. */
    async findTokenSession(token: RefreshToken): Promise<string | null> {
      const [session] = await sql<{ id: string }[]>`select id from sessions where id = ${idOf(sql, token)}`;
      return session?.id ?? null;
    },

    /** From here on the token before each of these counts as old. */
    async noteUses(uses: readonly TokenUse[]): Promise<void> {
      await sql`
        update refresh_tokens t set spent_at = now()
        from unnest(${uses.map((use) => use.sessionId)}::uuid[], ${uses.map((use) => use.refresh)}::text[])
          as used (session_id, refresh)
        where t.session_id = used.session_id and t.spent_at is null
          and starts_with(encode(t.successor, 'hex'), used.refresh)`;
    },

    async endSessions(ids: string[], why: "reused" | null): Promise<void> {
      await sql`
        update sessions set ended_at = now(), ended_why = ${why}
        where id = any(${ids}::uuid[]) and ended_at is null`;
    },

    /**
     * Sessions that ended and one of whose access tokens may still be taken for alive by a clock that says `now`, or by
     * PostgreSQL's. @param keepMs longer than an access token lives.
     */
    async endedSessions(now: number, keepMs: number): Promise<string[]> {
      const rows = await sql<{ id: string }[]>`
        select id from sessions
        where ended_at is not null and greatest(ended_at, tokens_until)
          > least(now(), ${new Date(now)}::timestamptz) - ${keepMs} * interval '1 millisecond'`;
      return rows.map(({ id }) => id);
    },
  };
}

export async function insertSession(db: Sql | Transaction, session: NewSession): Promise<void> {
  const { id, userId, ip, userAgent, token, lifeMs, tokensUntil } = session;
  await db`
    with session as (
      insert into sessions (id, user_id, ip, user_agent, family, expires_at, tokens_until)
      values (${id}, ${userId}, ${ip}, ${userAgent}, ${token.family}, ${ahead(db, lifeMs)}, ${new Date(tokensUntil)})
      returning id
    )
    insert into refresh_tokens (hash, session_id) select ${token.hash}, id from session`;
}

/** By the token itself, or by what all tokens of its session have in common. */
const idOf = (db: Sql | Transaction, { hash, family }: RefreshToken) => db`
  coalesce((select session_id from refresh_tokens where hash = ${hash}),
    (select id from sessions where family = ${family}))`;

async function lockSession(tx: Transaction, token: RefreshToken): Promise<LockedSession | null> {
  const [session] = await tx<LockedSession[]>`
    select s.id, s.user_id as "userId", s.ended_at is null and s.expires_at > now() as live,
      s.ended_at is not null as ended, s.ended_why as why, coalesce(u.banned_until > now(), false) as banned
    from sessions s join users u on u.id = s.user_id
    where s.id = ${idOf(tx, token)}
    for update of s`;
  return session ?? null;
}

/** Null: it is kept no longer. `spent`: its successor was used, or gave way to another one. */
async function findToken(tx: Transaction, { hash }: RefreshToken): Promise<FoundToken | null> {
  const [token] = await tx<FoundToken[]>`
    select t.replaced_at is not null as replaced, t.successor,
      t.replaced_at > now() - ${UNKNOWN_SUCCESSOR_MS} * interval '1 millisecond' as "justNow",
      t.spent_at is not null
        or t.successor is not null and (next.hash is null or next.replaced_at is not null) as spent
    from refresh_tokens t left join refresh_tokens next on next.hash = t.successor
    where t.hash = ${hash}`;
  return token ?? null;
}

/** What a token is to be exchanged for; null: for nothing, it came back from the past. */
function successorOf(token: FoundToken | null, successors: RefreshToken[]): RefreshToken | null {
  const [usual = null] = successors;
  if (token === null || token.spent) return null;
  if (!token.replaced) return usual;
  const given = token.successor && Buffer.from(token.successor);
  if (given) return successors.find(({ hash }) => given.equals(hash)) ?? usual;
  return token.justNow ? usual : null;
}

/** Said again it changes nothing but times. Any other token of the session that was in use gives way. */
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
const ahead = (db: Sql | Transaction, ms: number) => db`(now() + ${ms} * interval '1 millisecond')`;
