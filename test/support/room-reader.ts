/** A gateway's way to read, write and delete in one room, on a real PostgreSQL, without sockets. */
import { createArchiveQueries } from "../../gateway/history/archive-queries.ts";
import { createBacklog } from "../../gateway/history/backlog.ts";
import { createDeletions } from "../../gateway/messages/delete.ts";
import { combineQueries } from "../../gateway/recovery/combined-queries.ts";
import { createRecovery, type RecoveryDeps } from "../../gateway/recovery/recover-room.ts";
import { createRecoveryQueries } from "../../gateway/recovery/recovery-queries.ts";
import { createLogReads } from "../../gateway/room-log/log-reads.ts";
import { createRoomLog } from "../../gateway/room-log/room-log.ts";
import { draftMessage } from "../../shared/server/redis/event-draft.ts";
import { openPresenceStore } from "../../shared/server/redis/presence-store.ts";
import { AUTHOR, type TestEnvironment } from "../../worker/testing/test-environment.ts";

const BOUNDS = { events: 500, ms: 0, bytes: 8 << 20 };
const LEASE_MS = 1_900;
const AUTHOR_STATE = { ...AUTHOR, role: "user" as const };
let renewals = 0;

export type Reader = ReturnType<typeof openReader>;

/** A gateway of this release is heard on every shard. @param here people in the room. */
export async function renewLeases(
  { redis, keys }: TestEnvironment,
  here: { room: string; added: string[] }[] = [],
): Promise<void> {
  const presence = openPresenceStore(redis, keys);
  renewals++;
  for (let shard = 0; shard < keys.shards; shard++)
    await presence.renew(
      shard,
      `boot-${renewals}`,
      LEASE_MS,
      1,
      here
        .filter((each) => keys.shardOf(each.room) === shard)
        .map((each) => ({ ...each, removed: [], guests: 0, connections: each.added.length })),
    );
}

export function openReader(
  { scripts, sql, deps }: TestEnvironment,
  room: string,
  change: Partial<RecoveryDeps> = {},
) {
  const keptSince = (): number => 0;
  const recover = createRecovery({
    ...{
      scripts,
      queries: combineQueries(createRecoveryQueries(sql)),
      logEvents: BOUNDS.events,
      log: deps.log,
    },
    ...{ memoryOf: () => undefined, onRecovered: () => undefined },
    ...change,
  });
  const logs = createLogReads({ scripts, recover, redact: (event) => event, bounds: BOUNDS, keptSince });
  const log = createRoomLog(scripts, recover);
  const archive = createArchiveQueries(sql);
  const { deletedSeqs } = scripts;
  const readBacklog = createBacklog({
    ...{ logs, archive, deletedSeqs, redact: (json) => json, maxEvents: 10_000 },
  });
  const deletions = createDeletions({
    users: { find: async () => ({ user: AUTHOR_STATE, restricted: null }) as never },
    ...{ log, queries: archive, moderates: ({ role }) => role !== "user" },
    sightings: { sinceMs: () => 0, countOf: () => 0 },
  });
  return {
    logs,
    deletions,
    say: async (clientId: string): Promise<number> =>
      (await log.append(draftMessage({ room, clientId }, AUTHOR_STATE, clientId))).seq,
    /** Everything after a seq, as somebody who was away is told it. */
    async since(seq: number): Promise<{ seq: number; json: string }[] | undefined> {
      const told: { seq: number; json: string }[] = [];
      for (let from = seq; ; ) {
        const page = await readBacklog(room, from, Number.MAX_SAFE_INTEGER, "a");
        if (!page) return undefined;
        told.push(...page.entries.map((entry) => ({ seq: entry.seq, json: entry.bytes.toString() })));
        if (!page.more) return told;
        from = told.at(-1)?.seq ?? from;
      }
    },
  };
}
