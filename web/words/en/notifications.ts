import type { NotificationWords } from "../notifications.ts";

export const notificationsEn: NotificationWords = {
  title: "Notifications",
  turnOn: "Turn on notifications",
  turnOff: "Turn off notifications",
  hideText: "Do not show the text of messages",
  roomMenu: "This room",
  level: "Notify me of",
  levels: { all: "Everything", mentions: "Mentions", none: "Nothing" },
  silent: "muted",
  states: {
    unknown: "Looking…",
    unable: "Notifications are not available in this browser, or at this address.",
    denied: "Your browser blocks notifications from here. Allow them in its settings.",
    off: "Hear of mentions and replies to you, also when no page is open.",
    on: "You hear of mentions and replies to you, also when no page is open.",
    page: "You hear of mentions and replies to you while a page is open. Once it is closed, this browser cannot tell you.",
    failed: "That did not work. Try again in a while.",
  },
};
