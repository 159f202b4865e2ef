import type { ReactionWords } from "../reactions.ts";

export const reactionsKo: ReactionWords = {
  react: (emoji) => `${emoji} 반응하기`,
  given: (emoji, count) => `${emoji}, ${count}명`,
  other: "다른 이모지로 반응하기",
  whoReacted: "반응한 사람",
  nobody: "이제 아무 반응도 없습니다.",
  more: (count) => `외 ${count}명`,
  showMore: (count) => `${count}개 더 보기`,
};
