/** Words about mentions. */
export type MentionWords = {
  /** The list of people to choose from. */
  choose: string;
  /** For screen readers. `count`: of people to choose from. */
  chosen: (nickname: string, count: number) => string;
  /** The list of one's own. */
  mine: string;
  none: string;
};
