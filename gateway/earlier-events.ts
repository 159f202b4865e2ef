/** What was said in rooms earlier, put together for whoever asks: the log, pages for who reads back, the backlog for who comes back. */
import type { LogBounds, RoomScripts } from "../shared/server/redis/room-log-store.ts";
import type { ClosedAccounts } from "./events/closed-accounts.ts";
import { createBacklog } from "./history/backlog.ts";
import { createHistory } from "./history/history.ts";
import type { openReadingBack } from "./reading-back.ts";
import { createLogReads } from "./room-log/log-reads.ts";
import type { KeptSince } from "./room-log/retention.ts";
import type { RecoverRoom } from "./room-log/room-log.ts";

export type PastDeps = {
  scripts: RoomScripts;
  restore: RecoverRoom;
  readingBack: Pick<ReturnType<typeof openReadingBack>, "archive" | "gate">;
  closed: ClosedAccounts;
  bounds: LogBounds;
  keptSince: KeptSince;
  /** Events older than the log that one who comes back is given at most. */
  resumeEvents: number;
};

export function createPast({
  scripts,
  restore,
  readingBack,
  closed,
  bounds,
  keptSince,
  resumeEvents,
}: PastDeps) {
  const logs = createLogReads({ scripts, restore, readable: closed.neutralBytes, bounds, keptSince });
  return {
    logs,
    history: createHistory(logs, scripts, readingBack, closed.neutral),
    backlog: createBacklog({
      logs,
      archive: readingBack.archive,
      deleted: scripts.deleted,
      readable: closed.neutral,
      most: resumeEvents,
    }),
  };
}
