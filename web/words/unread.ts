/** Sentences about unread messages. `count`: a number, or `99+`. */
export type UnreadWords = {
  /** Read out after the name of a room. */
  messages: (count: string) => string;
  mentions: (count: string) => string;
  /** The line above the first unread message. `when`: a time, or a day and a time. */
  since: (when: string) => string;
  /** The button that goes there. */
  jump: (count: string) => string;
  dismiss: string;
  readAll: string;
  /** On that button: the keys that do the same. */
  readAllKeys: string;
};
