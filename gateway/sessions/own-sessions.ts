/** Where somebody is logged in, and from where their sockets came: their own to see and to end. */
import type { Connection, Session } from "../../shared/http-api.ts";
import type { Subject } from "../../shared/server/identity/access-tokens.ts";
import type { Sql } from "../../shared/server/postgres/pool.ts";
import { type AccountQueries, endSessionsOf } from "../accounts/account-queries.ts";
import { isUuid } from "../id.ts";
import { problem } from "../problem.ts";
import { deviceName } from "./device-name.ts";
import type { Sessions } from "./sessions.ts";

export type OwnSessions = ReturnType<typeof createOwnSessions>;

type Deps = {
  sql: Sql;
  queries: Pick<AccountQueries, "sessionsOf" | "hasSession" | "connectionsOf">;
  sessions: Pick<Sessions, "end">;
};

export function createOwnSessions({ sql, queries, sessions }: Deps) {
  return {
    /** Those that can still be used, the last used first. */
    async list({ userId, sessionId }: Subject): Promise<Session[]> {
      const stored = await queries.sessionsOf(userId);
      return stored.map(({ id, ip, userAgent, createdAt, lastSeenAt }) => ({
        id,
        current: id === sessionId,
        ip,
        userAgent,
        device: deviceName(userAgent),
        createdAt: createdAt.getTime(),
        lastSeenAt: lastSeenAt.getTime(),
      }));
    },

    /** @throws Problem `not_found` when the user has no such session: another's is answered like one that never was. */
    async end({ userId }: Subject, sessionId: string): Promise<void> {
      if (!isUuid(sessionId) || !(await queries.hasSession(userId, sessionId))) throw problem("not_found");
      await sessions.end([sessionId]);
    },

    async endOthers({ userId, sessionId }: Subject): Promise<void> {
      await sessions.end(await endSessionsOf(sql, userId, sessionId));
    },

    /** Newest first. */
    async connections({ userId }: Subject, most: number): Promise<Connection[]> {
      const stored = await queries.connectionsOf(userId, most);
      return stored.map(({ connectedAt, disconnectedAt, ip, userAgent, gateway, times }) => ({
        connectedAt: connectedAt.getTime(),
        disconnectedAt: disconnectedAt?.getTime() ?? null,
        ip,
        userAgent,
        device: deviceName(userAgent),
        gateway,
        times,
      }));
    },
  };
}
