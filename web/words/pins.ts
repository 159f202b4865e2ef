/** Words about the pinned message. */
export type PinWords = {
  pinned: string;
  pin: string;
  unpin: string;
  dismiss: string;
  /** Before the message, for screen readers. */
  goTo: string;
};
