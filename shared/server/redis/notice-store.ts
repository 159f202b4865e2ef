/** The Redis side of news about a user: which rooms are told. */
import type { Commands } from "./connect.ts";
import type { RedisKeys } from "./keys.ts";
import { openScript } from "./script.ts";

export type NoticeStore = ReturnType<typeof openNoticeStore>;

/** Rooms that are told one piece of news; in the others the next message tells it. */
const ROOMS_MAX = 20;
/** Who spoke in a room so long ago is not remembered there. */
const LATELY_MS = 3_600_000;
/** Longer than any gateway goes on telling: see NEWS_MS in gateway/apply-control-events.ts. */
const CHOICE_MS = 10 * 60_000;

export function openNoticeStore(redis: Commands, keys: RedisKeys) {
  const choose = openScript(redis, "choose-rooms");
  return {
    /**
     * Which rooms the calling gateway tells: of all gateways together at most 20, first those that the user spoke in lately.
     * @param news names what is told, alike on every gateway. @param here rooms that the user is in on this gateway.
     */
    chooseRooms: (userId: string, news: string, here: readonly string[]): Promise<string[]> =>
      choose.run(
        [keys.userRecent(userId), keys.userNews(userId, news)],
        [ROOMS_MAX, CHOICE_MS, LATELY_MS, ...here],
      ) as Promise<string[]>,
  };
}
