/** SQL of raid mode. Each switch is a row, and the newest one holds. */
import type { Db } from "../../shared/server/postgres/pool.ts";

/** As gateway/control/raid-mode.ts knows it. */
type StoredRaid = { minutes: number; until: number };

export function createRaidQueries(db: Db) {
  return {
    /** @returns the mode that is on. */
    async findRaid(): Promise<StoredRaid | undefined> {
      const [row] = await db<{ minutes: number | null; until: number | null; isOn: boolean | null }[]>`
        select minutes, extract(epoch from until)::float8 * 1000 as until, until > now() as "isOn"
        from raids order by id desc limit 1`;
      return row?.isOn && row.minutes !== null && row.until !== null
        ? { minutes: row.minutes, until: Math.round(row.until) }
        : undefined;
    },

    /** @param raid undefined: it is over. */
    async addRaid(by: string, raid: StoredRaid | undefined): Promise<void> {
      await db`
        insert into raids (by_user, minutes, until)
        values (${by}, ${raid?.minutes ?? null}, ${raid ? new Date(raid.until) : null})`;
    },
  };
}
