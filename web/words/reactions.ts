/** Words about reactions. */
export type ReactionWords = {
  /** An action on a message. */
  react: (emoji: string) => string;
  /** A reaction that people gave. */
  given: (emoji: string, count: number) => string;
};
