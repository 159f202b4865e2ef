/** SQL of rooms, their archive and the people in them, as the gateway reads it. It never writes messages: that is the worker's. */

import type { Sql } from "../shared/server/postgres.ts";
import type { Restriction, Role } from "../shared/server-frames.ts";
import { archiveReads } from "./archive-queries.ts";
import type { KeptSince } from "./retention.ts";

export type RoomQueries = ReturnType<typeof createRoomQueries>;

export function createRoomQueries(sql: Sql, keptSince?: KeptSince) {
  return {
    ...archiveReads(sql, keptSince),

    /** What PostgreSQL knows of a user that the message path needs; null: no such user. */
    async userState(
      id: string,
    ): Promise<{ nickname: string; role: Role; restricted: Restriction | null } | null> {
      const [row] = await sql<{ nickname: string; role: Role; reason: string | null; until: Date | null }[]>`
        select nickname, role, restricted_reason as reason, restricted_until as until
        from users where id = ${id} and closed_at is null`;
      if (!row) return null;
      const { nickname, role, reason, until } = row;
      const restricted =
        until && until.getTime() > Date.now() ? { reason: reason ?? "", until: until.getTime() } : null;
      return { nickname, role, restricted };
    },

    /** Keeps a restriction, unless a longer one is kept already. */
    async keepRestriction(id: string, reason: string, until: number): Promise<void> {
      await sql`
        update users set restricted_reason = ${reason}, restricted_until = ${new Date(until)}
        where id = ${id} and coalesce(restricted_until < ${new Date(until)}, true)`;
    },
  };
}
