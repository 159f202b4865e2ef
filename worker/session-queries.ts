/** SQL of sessions and refresh tokens that nobody needs any more. */
import type { Sql } from "../shared/server/postgres/pool.ts";

/** Refresh tokens whose successor is in use: what all tokens of a session have in common still gives an old one away. */
export async function deleteSpentTokens(sql: Sql, max: number): Promise<number> {
  const result = await sql`
    delete from refresh_tokens where hash in (
      select hash from refresh_tokens where spent_at is not null limit ${max}
    )`;
  return result.count;
}

/**
 * Refresh tokens of sessions that are over, and those of the release before, which kept each for seven days to know it again:
 * later it is refused all the same.
 */
export async function deleteUselessTokens(sql: Sql, max: number): Promise<number> {
  const result = await sql`
    delete from refresh_tokens where hash in (
      select t.hash from refresh_tokens t join sessions s on s.id = t.session_id
      where s.ended_at is not null
        or t.successor is null and t.replaced_at < now() - interval '7 days'
      limit ${max}
    )`;
  return result.count;
}

/**
 * Sessions that nobody can use any more; their refresh tokens go with them. One that ended is kept for a week beyond the last of
 * its access tokens, so that gateways know it again when a clock is set back.
 * @param asOf the time to go by, if PostgreSQL's own is not earlier.
 */
export async function deleteOldSessions(sql: Sql, asOf: number, max: number): Promise<number> {
  const time = sql`least(now(), ${new Date(asOf)}::timestamptz)`;
  const result = await sql`
    delete from sessions where id in (
      select id from sessions
      where expires_at < ${time}
        or ended_at is not null and greatest(ended_at, tokens_until) < ${time} - interval '7 days'
      limit ${max}
    )`;
  return result.count;
}
