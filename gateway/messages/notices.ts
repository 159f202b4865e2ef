/**
 * Notices: news of a room and its members, as events of the room like any other. Owns how long one is retried before it
 * is dropped.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs } from "../../shared/backoff.ts";
import type { ClosedHistory, RoomRole } from "../../shared/http-api.ts";
import type { Log } from "../../shared/server/process/logger.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import { draftNotice } from "../../shared/server/redis/event-draft.ts";
import type { NoticeStore } from "../../shared/server/redis/notice-store.ts";
import type { Role } from "../../shared/server-frames.ts";
import { Refusal } from "../errors.ts";
import type { ReportInternalError } from "../internal-errors.ts";
import type { RoomLog } from "../room-log/room-log.ts";

/** `user`: the subject of the notice. */
export type Notice =
  | { code: "renamed"; user: Named; before: string }
  | { code: "muted"; user: Named; reason: string; until: number }
  | { code: "role"; user: Named; role: Role }
  | { code: "slow_mode"; user: Named; slowModeMs: number }
  | { code: "room_closed"; user: Named; history: ClosedHistory }
  | { code: "room_reopened"; user: Named }
  | { code: "pinned"; user: Named; target: number }
  | { code: "unpinned"; user: Named }
  /** In a private room. */
  | { code: "member_joined" | "member_left" | "member_removed"; user: Named }
  | { code: "member_role"; user: Named; roomRole: RoomRole };
type Named = { id: string; nickname: string };
export type Notices = ReturnType<typeof createNotices>;

/** About ten seconds in all: news are not worth more. */
const MAX_ATTEMPTS = 8;

type NoticesDeps = {
  scripts: Pick<NoticeStore, "chooseRooms">;
  roomLog: Pick<RoomLog, "append">;
  log: Log;
  onInternalError: ReportInternalError;
};

export function createNotices({ scripts, roomLog, log, onInternalError }: NoticesDeps) {
  return { notify, notifyAboutUser };

  /**
   * Idempotent across gateways by `origin` (a client id), which is the same on all of them. Retries for some seconds
   * during an outage, then drops the notice, because the change that it reports holds without it.
   */
  async function notify(
    room: string,
    origin: string,
    notice: Notice,
    maxAttempts = MAX_ATTEMPTS,
  ): Promise<void> {
    const draft = draftNotice({ room, clientId: origin }, notice);
    await retried({ room, code: notice.code }, () => roomLog.append(draft), maxAttempts);
  }

  /**
   * Notifies a bounded number of rooms in the whole cluster.
   * @param here the user's rooms on this gateway, the most relevant first.
   */
  async function notifyAboutUser(
    userId: string,
    origin: string,
    here: readonly string[],
    notice: Notice,
  ): Promise<void> {
    const { code } = notice;
    const choose = () => scripts.chooseRooms(userId, origin, here);
    const rooms = await retried({ code }, choose, MAX_ATTEMPTS);
    await Promise.all((rooms ?? []).map((room) => notify(room, origin, notice)));
  }

  /** Retries during an outage. @returns undefined: given up. */
  async function retried<T>(
    about: Record<string, string>,
    attempt: () => Promise<T>,
    maxAttempts: number,
  ): Promise<T | undefined> {
    for (let attempts = 0; attempts < maxAttempts; attempts++) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof Unavailable) && !(error instanceof Refusal)) {
          onInternalError(error, "room", about);
          return undefined;
        }
      }
      await sleep(backoffMs(attempts, 100, 3_000));
    }
    log.warn(about, "a notice could not be told");
    return undefined;
  }
}
