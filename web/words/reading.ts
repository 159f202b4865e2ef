/** Sentences about reading a conversation. Names are isolated already. */
export type ReadingWords = {
  pause: string;
  /** On the button that pauses: the key that does the same. */
  pauseKey: string;
  /** Read out in a fast room: how many messages came, and the newest of them. */
  summary: (count: number, name: string, text: string) => string;
};
