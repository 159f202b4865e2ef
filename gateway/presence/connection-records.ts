/**
 * From where and with what users connect: noted here, sent to Redis once a beat in one go, written by the worker. Told of a
 * connection are its start and its end; the end of those whose gateway was killed the worker concludes from the lapsed lease.
 * Those that ended as soon as they began are one record with a count: whoever opens and closes a thousand leaves one row.
 */
import type {
  ConnectionRecord,
  ConnectionScripts,
} from "../../shared/server/redis/connection-record-store.ts";

export type ConnectionRecords = ReturnType<typeof createConnectionRecords>;

type Recorded = {
  id: string;
  user: { id: string } | null;
  session: string;
  ip: string;
  userAgent: string;
  recorded: boolean;
};
type Opened = Extract<ConnectionRecord, { kind: "opened" }>;
/** `first` gives the record its id and start; `told`: what Redis was sent last. */
type Folded = { first: Opened; times: number; endedAt: number; told: number };

/** Kept while Redis is away; beyond it the oldest are forgotten, since they are no messages. */
const MOST_WAITING = 20_000;
/** A connection that ends within this time is a short one; until then nobody is told of it. */
const SHORT_MS = 2_000;
/** The short ones of a session from one place are counted together for so long. */
const FOLD_MS = 10 * 60_000;

/** @param boot whose lease stands for these connections. */
export function createConnectionRecords(
  scripts: Pick<ConnectionScripts, "add">,
  gateway: string,
  boot: string,
  now = Date.now,
) {
  let waiting: ConnectionRecord[] = [];
  /** By id, in the order in which they began. */
  const fresh = new Map<string, Opened>();
  const folds = new Map<string, Folded>();

  const note = (record: ConnectionRecord): void => {
    waiting.push(record);
    if (waiting.length > MOST_WAITING) waiting = waiting.slice(-MOST_WAITING / 2);
  };

  const tell = (each: Folded): void => {
    if (each.told === each.times) return;
    note({ ...each.first, times: each.times });
    note({ kind: "closed", id: each.first.id, at: each.endedAt });
    each.told = each.times;
  };

  const fold = (opened: Opened): void => {
    const key = [opened.session, opened.user, opened.ip, opened.userAgent].join("\n");
    const endedAt = now();
    const known = folds.get(key);
    if (known && endedAt - known.first.at < FOLD_MS) {
      known.times += 1;
      known.endedAt = endedAt;
      return;
    }
    if (known) tell(known);
    folds.set(key, { first: opened, times: 1, endedAt, told: 0 });
  };

  /** @param all also what may yet prove to be short: nothing more will be heard of it. */
  const settle = (all: boolean): void => {
    const time = now();
    for (const [id, opened] of fresh) {
      if (!all && time - opened.at < SHORT_MS) break;
      fresh.delete(id);
      note(opened);
    }
    for (const [key, each] of folds) {
      tell(each);
      if (time - each.first.at >= FOLD_MS) folds.delete(key);
    }
  };

  return {
    /** A user's connection was greeted; guests leave no record. */
    opened(connection: Recorded): void {
      const { id, user, session, ip, userAgent } = connection;
      if (!user) return;
      connection.recorded = true;
      fresh.set(id, { kind: "opened", id, user: user.id, session, at: now(), ip, userAgent, gateway, boot });
    },

    /** A connection ended, whether it was ever noted or not. */
    closed({ id, recorded }: Pick<Recorded, "id" | "recorded">): void {
      if (!recorded) return;
      const opened = fresh.get(id);
      if (!opened) note({ kind: "closed", id, at: now() });
      else {
        fresh.delete(id);
        fold(opened);
      }
    },

    /**
     * Sends what waits. @param all also connections that are younger than a short one may be: this process ends.
     * @throws an outage; nothing is forgotten then.
     */
    async flush(all = false): Promise<void> {
      settle(all);
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
