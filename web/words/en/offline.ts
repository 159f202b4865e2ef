import type { OfflineWords } from "../offline.ts";

export const offlineEn: OfflineWords = {
  since: (when) => `Offline since ${when}. These are the messages until then.`,
  nothing: (when) => `Offline since ${when}. Messages appear once you are connected.`,
};
