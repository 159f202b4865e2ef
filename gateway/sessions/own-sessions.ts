/** A user's own sessions and connections, to see and to end. */
import type { Connection, Session } from "../../shared/http-api.ts";
import type { Subject } from "../../shared/server/identity/access-tokens.ts";
import { Refusal } from "../errors.ts";
import { isUuid } from "../id.ts";
import { deviceName } from "./device.ts";
import type { SessionQueries } from "./session-queries.ts";
import type { Sessions } from "./sessions.ts";

export type OwnSessions = ReturnType<typeof createOwnSessions>;

type Deps = {
  queries: Pick<SessionQueries, "listOf" | "has" | "endOf">;
  /** Newest first. */
  connectionsOf: (userId: string, max: number) => Promise<Omit<Connection, "device">[]>;
  sessions: Pick<Sessions, "end">;
};

export function createOwnSessions({ queries, connectionsOf, sessions }: Deps) {
  return {
    /** Usable sessions, the last used first. */
    async list({ userId, sessionId }: Subject): Promise<Session[]> {
      const stored = await queries.listOf(userId);
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

    /** @throws Refusal `not_found` when the user has no such session, be it another user's or none. */
    async end({ userId }: Subject, sessionId: string): Promise<void> {
      if (!isUuid(sessionId) || !(await queries.has(userId, sessionId))) throw new Refusal("not_found");
      await sessions.end([sessionId]);
    },

    async endOthers({ userId, sessionId }: Subject): Promise<void> {
      await sessions.end(await queries.endOf(userId, sessionId));
    },

    /** Newest first. */
    async connections({ userId }: Subject, max: number): Promise<Connection[]> {
      const connections = await connectionsOf(userId, max);
      return connections.map((connection) => ({ ...connection, device: deviceName(connection.userAgent) }));
    },
  };
}
