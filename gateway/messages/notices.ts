/** Notices: what a room is told about its members and itself, as events like any other. */

import { backoffMs } from "../../shared/backoff.ts";
import type { ClosedHistory } from "../../shared/http-api.ts";
import type { Log } from "../../shared/server/process/logger.ts";
import { isOutage } from "../../shared/server/process/unavailable.ts";
import type { NewsScripts } from "../../shared/server/redis/notice-store.ts";
import type { RoomScripts } from "../../shared/server/redis/room-log-store.ts";
import type { Role } from "../../shared/server-frames.ts";
import type { ReportInternalError } from "../internal-errors.ts";
import { Refused } from "../refused.ts";

/** `user` stands before anything a person wrote: who it tells of is found by it. */
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
  scripts: Pick<RoomScripts, "append"> & Pick<NewsScripts, "chooseRooms">;
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

  /** An outage is outlived for some seconds. @param step null when it is to be tried again. @returns undefined: given up. */
  const outlast = async <T>(about: Record<string, string>, step: () => Promise<T | null>, tries = TRIES) => {
    for (let attempt = 0; attempt < tries; attempt++) {
      try {
        const done = await step();
        if (done !== null) return done;
      } catch (error) {
        if (!isOutage(error) && !(error instanceof Refused)) {
          onInternalError(error, "room", about);
          return;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, backoffMs(attempt, 100, 3_000)));
    }
    log.warn(about, "a notice could not be told");
  };

  /**
   * Tells a room. Once, however many gateways tell the same: `origin` (a client id) is alike on all of them. After an outage
   * of some seconds the notice is dropped, since what it tells of holds without it.
   */
  const tell = async (room: string, origin: string, notice: Notice, tries?: number): Promise<void> => {
    const { code } = notice;
    const step = async () => ((await append(room, origin, notice)) ? true : null);
    await outlast({ room, code }, step, tries);
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
