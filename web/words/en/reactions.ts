import type { ReactionWords } from "../reactions.ts";

export const reactionsEn: ReactionWords = {
  react: (emoji) => `React with ${emoji}`,
  given: (emoji, count) => `${emoji}, ${count} ${count === 1 ? "person" : "people"}`,
  other: "React with another emoji",
  whoReacted: "Who reacted",
  nobody: "Nobody reacts to this any more.",
  more: (count) => `and ${count} more`,
  showMore: (count) => `Show ${count} more`,
};
