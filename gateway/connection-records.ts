/**
 * From where and with what users connect: noted here, sent to Redis once a beat in one entry, written by the worker. Told of a
 * connection are its start and its end; the end of those whose gateway was killed the worker concludes from the lapsed lease.
 */
import type { ConnectionRecord, ConnectionScripts } from "../shared/server/connection-scripts.ts";

export type ConnectionRecords = ReturnType<typeof createConnectionRecords>;

type Recorded = {
  id: string;
  user: { id: string } | null;
  session: string;
  ip: string;
  userAgent: string;
  recorded: boolean;
};

/** Kept while Redis is away; beyond it the oldest are forgotten, since they are no messages. */
const MOST_WAITING = 20_000;

/** @param boot whose lease stands for these connections. */
export function createConnectionRecords(
  scripts: ConnectionScripts,
  gateway: string,
  boot: string,
  now = Date.now,
) {
  let waiting: ConnectionRecord[] = [];
  const note = (record: ConnectionRecord): void => {
    waiting.push(record);
    if (waiting.length > MOST_WAITING) waiting = waiting.slice(-MOST_WAITING / 2);
  };

  return {
    /** A user's connection was greeted; guests leave no record. */
    opened(connection: Recorded): void {
      const { id, user, session, ip, userAgent } = connection;
      if (!user) return;
      connection.recorded = true;
      note({ kind: "opened", id, user: user.id, session, at: now(), ip, userAgent, gateway, boot });
    },

    /** A connection ended, whether it was ever noted or not. */
    closed({ id, recorded }: Pick<Recorded, "id" | "recorded">): void {
      if (recorded) note({ kind: "closed", id, at: now() });
    },

    /** Sends what waits. @throws an outage; nothing is forgotten then. */
    async flush(): Promise<void> {
      if (waiting.length === 0) return;
      const records = waiting;
      waiting = [];
      try {
        await scripts.add(records);
      } catch (error) {
        waiting = [...records, ...waiting];
        throw error;
      }
    },
  };
}
