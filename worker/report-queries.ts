/** SQL of what reports keep of the messages they are about. */
import type { Sql } from "../shared/server/postgres/pool.ts";

/**
 * Takes it out of reports that were seen to and of those whose message was said before a day (`2026-11-22`, UTC; null: kept
 * for ever), and the name of who closed their account. Gateways do so at once, but not those of the release before.
 * @returns how many reports held something that they no longer may.
 */
export async function eraseReported(sql: Sql, oldestKept: string | null): Promise<number> {
  const texts = await sql`
    update reports set text = null, said_as = null, said_at = null
    where said_at is not null
      and (handled_at is not null or said_at < ${oldestKept}::text::timestamp at time zone 'UTC')`;
  const names = await sql`
    update reports set said_as = null
    where said_as is not null and author in (select id from users where closed_at is not null)`;
  return texts.count + names.count;
}
