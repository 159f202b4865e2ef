import type { ReactionWords } from "../reactions.ts";

export const reactionsKo: ReactionWords = {
  react: (emoji) => `${emoji} 반응하기`,
  given: (emoji, count) => `${emoji}, ${count}명`,
};
