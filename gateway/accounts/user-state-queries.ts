/** SQL of rooms, their archive and the people in them, as the gateway reads it. It never writes messages: that is the worker's. */

import type { Sql } from "../../shared/server/postgres/pool.ts";
import type { StoredUser } from "../../shared/server/redis/user-store.ts";
import { archiveReads } from "../history/archive-queries.ts";
import type { KeptSince } from "../room-log/retention.ts";

export type RoomQueries = ReturnType<typeof createRoomQueries>;

export function createRoomQueries(sql: Sql, keptSince?: KeptSince) {
  return {
    ...archiveReads(sql, keptSince),

    /**
     * What PostgreSQL knows of a user that the message path needs; null: no such user, banned or closed. Waits for whoever is
     * changing the user: what is answered holds when it is answered.
     */
    async userState(id: string): Promise<StoredUser | null> {
      type Row = Omit<StoredUser, "restricted"> & { reason: string | null; until: Date | null };
      const [row] = await sql<Row[]>`
        select nickname, role, restricted_reason as reason, restricted_until as until, version
        from users where id = ${id} and closed_at is null and coalesce(banned_until <= now(), true) for share`;
      if (!row) return null;
      const { nickname, role, reason, until, version } = row;
      const restricted =
        until && until.getTime() > Date.now() ? { reason: reason ?? "", until: until.getTime() } : null;
      return { nickname, role, restricted, version };
    },
  };
}
