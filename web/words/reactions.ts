/** Words about reactions. */
export type ReactionWords = {
  /** An action on a message. */
  react: (emoji: string) => string;
  /** A reaction that people gave. */
  given: (emoji: string, count: number) => string;
  /** The act that shows who gave which, and the title of the list. */
  whoReacted: string;
  /** An action: any emoji is picked. */
  other: string;
  nobody: string;
  /** Further people, who are not named. */
  more: (count: number) => string;
  /** Unfolds further emoji. */
  showMore: (count: number) => string;
};
