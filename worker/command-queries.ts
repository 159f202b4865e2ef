/** SQL that deletes commands from Kafka that no gateway would execute any more. */
import type { Db } from "../shared/server/postgres/pool.ts";

export function createCommandUpkeepQueries(db: Db) {
  return {
    /**
     * Deletes commands a day after their end, so that none is executed again by a gateway whose clock is behind.
     * @param asOf the current time in ms, unless PostgreSQL's own is earlier.
     */
    async forgetCommands(asOf: number, max: number): Promise<number> {
      const result = await db`
        delete from kafka_commands where (key, id) in (
          select key, id from kafka_commands
          where expires_at < least(now(), ${new Date(asOf)}::timestamptz) - interval '1 day'
          limit ${max}
        )`;
      return result.count;
    },
  };
}
