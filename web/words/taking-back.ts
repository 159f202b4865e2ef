/** Words about a message that is taken back. */
export type TakingBackWords = {
  /** The act, with the seconds left behind it. */
  takeBack: string;
  done: string;
  /** It was deleted with a mark. @param seenBy how many people had read it; 0: nobody, but the time was over. */
  late: (seenBy: number) => string;
  /** Puts the text into the field, in place of what is there. */
  putBack: string;
};
