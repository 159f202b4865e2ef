/** SQL that deletes sessions and refresh tokens that are no longer needed. */
import type { Db } from "../shared/server/postgres/pool.ts";

export function createSessionQueries(db: Db) {
  return {
    /** Deletes refresh tokens whose successor is in use. Reuse is still detected, by the part that all tokens of a session share. */
    async deleteSpentTokens(max: number): Promise<number> {
      const result = await db`
        delete from refresh_tokens where hash in (
          select hash from refresh_tokens where spent_at is not null limit ${max}
        )`;
      return result.count;
    },

    /**
     * Deletes refresh tokens of sessions that are over, and replaced tokens of the previous release after the seven days in which it
     * detects their reuse. A deleted token is refused anyway.
     */
    async deleteUselessTokens(max: number): Promise<number> {
      const result = await db`
        delete from refresh_tokens where hash in (
          select t.hash from refresh_tokens t join sessions s on s.id = t.session_id
          where s.ended_at is not null
            or t.successor is null and t.replaced_at < now() - interval '7 days'
          limit ${max}
        )`;
      return result.count;
    },

    /**
     * Deletes sessions that can no longer be used, with their refresh tokens. An ended session is kept for a week after its last access
     * token expired, so that gateways recognize it even if a clock is set back.
     * @param asOf the current time in ms, unless PostgreSQL's own is earlier.
     */
    async deleteOldSessions(asOf: number, max: number): Promise<number> {
      const time = db`least(now(), ${new Date(asOf)}::timestamptz)`;
      const result = await db`
        delete from sessions where id in (
          select id from sessions
          where expires_at < ${time}
            or ended_at is not null and greatest(ended_at, tokens_until) < ${time} - interval '7 days'
          limit ${max}
        )`;
      return result.count;
    },
  };
}
