import type { ReactionWords } from "../reactions.ts";

export const reactionsEn: ReactionWords = {
  react: (emoji) => `React with ${emoji}`,
  given: (emoji, count) => `${emoji}, ${count} ${count === 1 ? "person" : "people"}`,
};
