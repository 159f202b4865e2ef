/** SQL of sessions and refresh tokens that nobody needs any more. */
import type { Sql } from "../shared/server/postgres.ts";

/** Refresh tokens whose successor is in use: what all tokens of a session have in common still gives an old one away. */
export async function deleteSpentTokens(sql: Sql, most: number): Promise<number> {
  const result = await sql`
    delete from refresh_tokens where hash in (
      select hash from refresh_tokens where spent_at is not null limit ${most}
    )`;
  return result.count;
}

/**
 * Refresh tokens of sessions that are over, and those of the release before, which kept each for seven days to know it again:
 * later it is refused all the same.
 */
export async function deleteUselessTokens(sql: Sql, most: number): Promise<number> {
  const result = await sql`
    delete from refresh_tokens where hash in (
      select t.hash from refresh_tokens t join sessions s on s.id = t.session_id
      where s.ended_at is not null
        or t.successor is null and t.replaced_at < now() - interval '7 days'
      limit ${most}
    )`;
  return result.count;
}

/** Sessions that nobody can use any more; their refresh tokens go with them. */
export async function deleteOldSessions(sql: Sql, most: number): Promise<number> {
  const result = await sql`
    delete from sessions where id in (
      select id from sessions where expires_at < now() or ended_at < now() - interval '1 day' limit ${most}
    )`;
  return result.count;
}
