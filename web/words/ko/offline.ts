import type { OfflineWords } from "../offline.ts";

export const offlineKo: OfflineWords = {
  since: (when) => `${when}부터 오프라인이에요. 그때까지의 메시지예요.`,
  nothing: (when) => `${when}부터 오프라인이에요. 연결되면 대화를 보여 드릴게요.`,
};
