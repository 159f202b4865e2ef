import type { MentionWords } from "../mentions.ts";

export const mentionsEn: MentionWords = {
  choose: "People to mention",
  chosen: (nickname, count) => `${nickname}, chosen of ${count}`,
  mine: "Mentions of you",
  none: "Nobody has mentioned you yet.",
};
