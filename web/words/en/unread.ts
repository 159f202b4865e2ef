import type { UnreadWords } from "../unread.ts";

export const unreadEn: UnreadWords = {
  messages: (count) => (count === "1" ? "1 unread message" : `${count} unread messages`),
  mentions: (count) => (count === "1" ? "1 mention of you" : `${count} mentions of you`),
  since: (when) => `New since ${when}`,
  jump: (count) => (count === "1" ? "1 unread message" : `${count} unread messages`),
  dismiss: "Dismiss",
  readAll: "Mark all as read",
  readAllKeys: "Shift+Esc",
};
