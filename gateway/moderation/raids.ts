/** Raid mode, switched by moderators. The switch and its record are one transaction; then every gateway is notified. */
import type { Sql } from "../../shared/server/postgres/pool.ts";
import { actorOf } from "../accounts/authorization.ts";
import type { Control } from "../control/control-log.ts";
import type { Raid } from "../control/raid-mode.ts";
import { recordAct } from "./audit.ts";
import { createRaidQueries } from "./raid-queries.ts";

export type Raids = ReturnType<typeof createRaids>;
type RaidsDeps = { sql: Sql; control: Pick<Control, "raid">; now?: () => number };

/** Ends by itself after a day, so that a forgotten one keeps nobody out for long. */
const RAID_MS = 24 * 3_600_000;

export function createRaids({ sql, control, now = Date.now }: RaidsDeps) {
  return {
    /** The mode that is on, for moderators. */
    async show(by: string): Promise<Raid | undefined> {
      await actorOf(sql, by, "moderator");
      return createRaidQueries(sql).findRaid();
    },

    /** From now on accounts younger than `minutes` write nothing. */
    async begin(by: string, minutes: number): Promise<void> {
      const raid = { minutes, until: now() + RAID_MS };
      await sql.begin(async (tx) => {
        await actorOf(tx, by, "moderator");
        await createRaidQueries(tx).addRaid(by, raid);
        await recordAct(tx, { act: "raid", by, detail: { minutes } });
      });
      await control.raid(raid);
    },

    async end(by: string): Promise<void> {
      await sql.begin(async (tx) => {
        await actorOf(tx, by, "moderator");
        await createRaidQueries(tx).addRaid(by, undefined);
        await recordAct(tx, { act: "raid_over", by });
      });
      await control.raid(undefined);
    },
  };
}
