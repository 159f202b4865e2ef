/** Chooses, in Redis, the rooms that get a notice about a user. Does not append the notices. */
import type { Commands } from "./connect.ts";
import type { RedisKeys } from "./keys.ts";
import { openScript } from "./script.ts";

export type NoticeStore = ReturnType<typeof openNoticeStore>;

/** Max rooms that get a notice of one change; in the others the user's next message shows the change. */
const ROOMS_MAX = 20;
/** Rooms in which the user has not spoken for this long are not chosen for it. */
const LATELY_MS = 3_600_000;
/** Longer than any gateway retries a notice: see NEWS_MS in gateway/apply-control-events.ts. */
const CHOICE_MS = 10 * 60_000;

export function openNoticeStore(redis: Commands, keys: RedisKeys) {
  const choose = openScript(redis, "choose-rooms");
  return {
    /**
     * Chooses at most ROOMS_MAX rooms over all gateways, first those in which the user spoke recently.
     * @param news id of the change, the same on every gateway.
     * @param here rooms that the user is in on this gateway.
     * @returns the rooms that the calling gateway must notify.
     */
    chooseRooms: (userId: string, news: string, here: readonly string[]): Promise<string[]> =>
      choose.run(
        [keys.userRecent(userId), keys.userNews(userId, news)],
        [ROOMS_MAX, CHOICE_MS, LATELY_MS, ...here],
      ) as Promise<string[]>,
  };
}
