/** Notices: what a room is told about its members and itself, as events like any other. */

import { backoffMs } from "../shared/backoff.ts";
import { isOutage } from "../shared/server/faults.ts";
import type { Log } from "../shared/server/log.ts";
import type { RoomScripts } from "../shared/server/room-scripts.ts";
import type { Role } from "../shared/server-frames.ts";
import type { ReportInternalError } from "./internal-errors.ts";
import { Refused } from "./refused.ts";

/** `user` stands before anything a person wrote: who it tells of is found by it. */
export type Notice =
  | { code: "renamed"; user: Named; before: string }
  | { code: "muted"; user: Named; reason: string; until: number }
  | { code: "role"; user: Named; role: Role }
  | { code: "slow_mode"; user: Named; slowModeMs: number };
type Named = { id: string; nickname: string };
export type Notices = ReturnType<typeof createNotices>;

/** Some ten seconds in all: a notice is news, and not worth more. */
const TRIES = 8;

type NoticesDeps = {
  scripts: Pick<RoomScripts, "append">;
  restore: (room: string) => Promise<void>;
  log: Log;
  onInternalError: ReportInternalError;
};

export function createNotices({ scripts, restore, log, onInternalError }: NoticesDeps) {
  const append = async (room: string, origin: string, { code, user, ...rest }: Notice): Promise<boolean> => {
    const { id, nickname } = user;
    const fields = JSON.stringify({ code, user: { id, nickname }, ...rest, clientId: origin });
    const before = `{"type":"notice","room":"${room}","seq":`;
    const appended = await scripts.append({
      room,
      userId: id,
      clientId: origin,
      before,
      after: `,${fields.slice(1)}`,
    });
    if (!appended) await restore(room);
    return appended !== null;
  };

  return {
    /**
     * Tells a room. Once, however many gateways tell the same: `origin` (a client id) is alike on all of them. An outage is
     * outlived for some seconds; after that the notice is dropped, since what it tells of holds without it.
     */
    async tell(room: string, origin: string, notice: Notice): Promise<void> {
      for (let attempt = 0; attempt < TRIES; attempt++) {
        try {
          if (await append(room, origin, notice)) return;
        } catch (error) {
          if (!isOutage(error) && !(error instanceof Refused)) {
            onInternalError(error, "room", { room, code: notice.code });
            return;
          }
        }
        await new Promise((resolve) => setTimeout(resolve, backoffMs(attempt, 100, 3_000)));
      }
      log.warn({ room, code: notice.code }, "a notice could not be told");
    },
  };
}
