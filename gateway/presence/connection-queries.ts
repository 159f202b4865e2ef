/** SQL that reads the records of connections; the worker writes them. */
import type { Connection } from "../../shared/http-api.ts";
import type { Db } from "../../shared/server/postgres/pool.ts";

type ConnectionRow = Omit<Connection, "device" | "connectedAt" | "disconnectedAt"> & {
  connectedAt: Date;
  disconnectedAt: Date | null;
};

export function createConnectionQueries(db: Db) {
  return {
    /** Newest first. */
    async listOf(userId: string, max: number): Promise<Omit<Connection, "device">[]> {
      const rows = await db<ConnectionRow[]>`
        select connected_at as "connectedAt", disconnected_at as "disconnectedAt", host(ip) as ip,
          user_agent as "userAgent", gateway, times
        from connections where user_id = ${userId} order by connected_at desc, id desc limit ${max}`;
      return rows.map(({ connectedAt, disconnectedAt, ...row }) => ({
        ...row,
        connectedAt: connectedAt.getTime(),
        disconnectedAt: disconnectedAt?.getTime() ?? null,
      }));
    },
  };
}
