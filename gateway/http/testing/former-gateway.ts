/**
 * Refreshes as a gateway of the previous release does: each exchange makes a random token, which cannot be repeated for
 * a retry.
 */
import { createHash, randomBytes } from "node:crypto";
import type { Sql } from "../../../shared/server/postgres/pool.ts";

const GRACE = "10 seconds";
const hashOf = (token: string) => createHash("sha256").update(token).digest();

/** @returns the new token; null: the old one is invalid, and its session was ended if it is a replay. */
export async function formerlyRefreshed(sql: Sql, token: string): Promise<string | null> {
  const old = hashOf(token);
  const next = randomBytes(32).toString("base64url");
  const rows = await sql`
    with session as (
      select s.id from sessions s
      where s.id = (select session_id from refresh_tokens where hash = ${old})
        and s.ended_at is null and s.expires_at > now()
      for update of s
    ), used as (
      update refresh_tokens t set replaced_at = coalesce(t.replaced_at, now())
      from session
      where t.hash = ${old} and (t.replaced_at is null or t.replaced_at > now() - ${GRACE}::interval)
      returning t.session_id
    ), unused as (
      update refresh_tokens t set replaced_at = now()
      from used
      where t.session_id = used.session_id and t.hash <> ${old}
        and t.replaced_at is null and t.created_at < now() - ${GRACE}::interval
    ), fresh as (
      insert into refresh_tokens (hash, session_id) select ${hashOf(next)}, session_id from used
    )
    update sessions s set last_seen_at = now() from used where s.id = used.session_id returning s.id`;
  if (rows.length === 1) return next;
  await sql`
    update sessions set ended_at = now()
    where id = (select session_id from refresh_tokens where hash = ${old} and replaced_at is not null)`;
  return null;
}
