import type { MentionWords } from "../mentions.ts";

export const mentionsKo: MentionWords = {
  choose: "부를 사람",
  chosen: (nickname, count) => `${nickname}, ${count}명 중 선택`,
  mine: "나를 부른 메시지",
  none: "아직 나를 부른 메시지가 없어요.",
};
