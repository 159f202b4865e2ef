/** What was said in rooms earlier, put together for whoever asks: the log, pages for who reads back, the backlog for who comes back. */
import type { LogBounds, RoomScripts } from "../shared/server/room-scripts.ts";
import { createBacklog } from "./backlog.ts";
import type { ClosedAccounts } from "./closed-accounts.ts";
import { createHistory } from "./history.ts";
import { createLogReads } from "./log-reads.ts";
import type { openReadingBack } from "./reading-back.ts";
import type { Restore } from "./restore.ts";
import type { KeptSince } from "./retention.ts";

export type PastDeps = {
  scripts: RoomScripts;
  restore: Restore;
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
