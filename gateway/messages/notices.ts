/** Notices: what a room is told about its members and itself, as events like any other. */

import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs } from "../../shared/backoff.ts";
import type { ClosedHistory } from "../../shared/http-api.ts";
import type { Log } from "../../shared/server/process/logger.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import { draftNotice } from "../../shared/server/redis/event-draft.ts";
import type { NoticeStore } from "../../shared/server/redis/notice-store.ts";
import type { Role } from "../../shared/server-frames.ts";
import { Refusal } from "../errors.ts";
import type { ReportInternalError } from "../internal-errors.ts";
import type { RoomLog } from "../room-log/room-log.ts";

/** `user`: whom it tells of. */
export type Notice =
  | { code: "renamed"; user: Named; before: string }
  | { code: "muted"; user: Named; reason: string; until: number }
  | { code: "role"; user: Named; role: Role }
  | { code: "slow_mode"; user: Named; slowModeMs: number }
  | { code: "room_closed"; user: Named; history: ClosedHistory }
  | { code: "room_reopened"; user: Named };
type Named = { id: string; nickname: string };
export type Notices = ReturnType<typeof createNotices>;

/** Some ten seconds in all: a notice is news, and not worth more. */
const TRIES = 8;

type NoticesDeps = {
  scripts: Pick<NoticeStore, "chooseRooms">;
  roomLog: Pick<RoomLog, "append">;
  log: Log;
  onInternalError: ReportInternalError;
};

export function createNotices({ scripts, roomLog, log, onInternalError }: NoticesDeps) {
  /** An outage is outlived for some seconds. @returns undefined: given up. */
  const outlast = async <T>(about: Record<string, string>, step: () => Promise<T>, tries = TRIES) => {
    for (let attempt = 0; attempt < tries; attempt++) {
      try {
        return await step();
      } catch (error) {
        if (!(error instanceof Unavailable) && !(error instanceof Refusal)) {
          onInternalError(error, "room", about);
          return;
        }
      }
      await sleep(backoffMs(attempt, 100, 3_000));
    }
    log.warn(about, "a notice could not be told");
  };

  /**
   * Tells a room. Once, however many gateways tell the same: `origin` (a client id) is alike on all of them. After an outage
   * of some seconds the notice is dropped, since what it tells of holds without it.
   */
  const tell = async (room: string, origin: string, notice: Notice, tries?: number): Promise<void> => {
    const { code } = notice;
    await outlast(
      { room, code },
      () => roomLog.append(draftNotice({ room, clientId: origin }, notice)),
      tries,
    );
  };

  return {
    tell,
    /**
     * Tells of a user, in a bounded number of rooms of the whole cluster.
     * @param here the rooms that the user is in on this gateway, the most telling first.
     */
    async tellAbout(userId: string, origin: string, here: readonly string[], notice: Notice): Promise<void> {
      const { code } = notice;
      const rooms = await outlast({ code }, () => scripts.chooseRooms(userId, origin, here));
      await Promise.all((rooms ?? []).map((room) => tell(room, origin, notice)));
    },
  };
}
