/** SQL that erases the copies of messages in reports. */
import type { Db } from "../shared/server/postgres/pool.ts";

export function createReportQueries(db: Db) {
  return {
    /**
     * Erases the copied message from handled reports and from those whose message is past the retention, and the author's name of
     * closed accounts. Gateways do the same at once, except those of the previous release.
     * @param oldestKept messages of earlier days are past the retention (`2026-11-22`, UTC); undefined: none is.
     * @returns the number of reports that were changed.
     */
    async eraseReported(oldestKept: string | undefined): Promise<number> {
      const texts = await db`
        update reports set text = null, said_as = null, said_at = null
        where said_at is not null
          and (handled_at is not null or said_at < ${oldestKept ?? null}::text::timestamp at time zone 'UTC')`;
      const names = await db`
        update reports set said_as = null
        where said_as is not null and author in (select id from users where closed_at is not null)`;
      return texts.count + names.count;
    },
  };
}
