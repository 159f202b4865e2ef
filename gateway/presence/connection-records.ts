/**
 * Records of users' connections: collected here, sent to Redis in one go with each beat, written by the worker. A
 * connection has a record of its start and one of its end; if its gateway was killed the worker infers the end from the
 * lapsed lease. Connections that end right after their start are one record with a count, so that a thousand of them
 * leave one row.
 */
import type {
  ConnectionRecord,
  ConnectionRecordStore,
} from "../../shared/server/redis/connection-record-store.ts";

export type ConnectionRecords = ReturnType<typeof createConnectionRecords>;

type Recorded = {
  id: string;
  user: { id: string } | undefined;
  session: string;
  ip: string;
  userAgent: string;
  recorded: boolean;
};
type Opened = Extract<ConnectionRecord, { kind: "opened" }>;
/** Similar short connections. `first` gives the record its id and start; `sentTimes`: the count that was sent last. */
type Folded = { first: Opened; times: number; endedAt: number; sentTimes: number };

/** Max records in memory during a Redis outage; beyond it the oldest are dropped, because they are no messages. */
const MAX_WAITING = 20_000;
/** A connection that ends within this time is short; until then no record of it is sent. */
const SHORT_MS = 2_000;
/** Short connections of a session from one place are counted together for this long. */
const FOLD_MS = 10 * 60_000;

/** @param instanceId owns the lease of these connections. */
export function createConnectionRecords(
  scripts: Pick<ConnectionRecordStore, "add">,
  gateway: string,
  instanceId: string,
  now = Date.now,
) {
  let waiting: ConnectionRecord[] = [];
  /** By id, in order of their start. */
  const fresh = new Map<string, Opened>();
  const folds = new Map<string, Folded>();

  return {
    /** Records the start of a user's connection; guests leave no record. */
    opened(connection: Recorded): void {
      const { id, user, session, ip, userAgent } = connection;
      if (!user) return;
      connection.recorded = true;
      const at = now();
      fresh.set(id, {
        ...{ kind: "opened", id, user: user.id, session, at, ip, userAgent, gateway },
        boot: instanceId,
      });
    },

    /** Records the end of a connection, if its start was recorded. */
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
     * Sends the waiting records.
     * @param all also connections that may yet turn out short, because this process ends.
     * @throws Unavailable; then all records stay.
     */
    async flush(all = false): Promise<void> {
      noteDue(all);
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

  function note(record: ConnectionRecord): void {
    waiting.push(record);
    if (waiting.length > MAX_WAITING) waiting = waiting.slice(-MAX_WAITING / 2);
  }

  function noteFold(fold: Folded): void {
    if (fold.sentTimes === fold.times) return;
    note({ ...fold.first, times: fold.times });
    note({ kind: "closed", id: fold.first.id, at: fold.endedAt });
    fold.sentTimes = fold.times;
  }

  function fold(opened: Opened): void {
    const key = [opened.session, opened.user, opened.ip, opened.userAgent].join("\n");
    const endedAt = now();
    const known = folds.get(key);
    if (known && endedAt - known.first.at < FOLD_MS) {
      known.times += 1;
      known.endedAt = endedAt;
      return;
    }
    if (known) noteFold(known);
    folds.set(key, { first: opened, times: 1, endedAt, sentTimes: 0 });
  }

  function noteDue(all: boolean): void {
    const time = now();
    for (const [id, opened] of fresh) {
      if (!all && time - opened.at < SHORT_MS) break;
      fresh.delete(id);
      note(opened);
    }
    for (const [key, each] of folds) {
      noteFold(each);
      if (time - each.first.at >= FOLD_MS) folds.delete(key);
    }
  }
}
