/** Words about replies, and about jumps to a message. Names are isolated already. */
export type ReplyWords = {
  reply: string;
  /** The line above the field. */
  replyingTo: (name: string) => string;
  /** In place of one's own name there. */
  self: string;
  leave: string;
  /** Before a quote, for screen readers. */
  repliesTo: string;
  gone: string;
  hidden: string;
  loading: string;
};
