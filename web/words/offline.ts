/** Sentences about a page without a connection. */
export type OfflineWords = {
  /** Above the messages that the browser knows. `when`: a time, or a day and a time. */
  since: (when: string) => string;
  /** Where it knows none. */
  nothing: (when: string) => string;
};
