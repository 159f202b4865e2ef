/** Words in place of the messages of an empty room. */
export type GreetingWords = {
  welcome: string;
  /** In the lobby. */
  lobby: string;
  /** In the lobby of a cluster on the person's own machine. */
  tryWindows: string;
  gateway: (name: string) => string;
  openWindow: string;
  quiet: string;
  room: string;
  shareLink: string;
  privateRoom: string;
  invite: string;
  /** Of two people. */
  line: string;
  lineHint: string;
};
