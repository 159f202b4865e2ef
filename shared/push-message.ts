/** The message that the worker sends to a browser's service worker by a push service. Both may be of different releases. */
export type PushMessage = {
  /** The id of the user whom it is for. Another user's page may be in the browser by now. */
  to: string;
  room: string;
  title: string;
  /** A direct line: its title is nothing to show. */
  direct?: boolean;
  /** The newest message, and its time, ms. */
  seq: number;
  at: number;
  /** `message`: of a room of which they want to hear everything, or of a direct line. */
  kind: "mention" | "reply" | "message";
  author: string;
  /** How many messages it stands for. */
  count: number;
  /** Of the page that subscribed. */
  language?: string;
  /** Absent if the person does not want it shown. */
  text?: string;
};
