/** Sentences about notifications in this browser. */
export type NotificationWords = {
  title: string;
  turnOn: string;
  turnOff: string;
  hideText: string;
  states: Record<"unknown" | "unable" | "denied" | "off" | "on" | "failed", string>;
};
