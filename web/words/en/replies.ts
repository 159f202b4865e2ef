import type { ReplyWords } from "../replies.ts";

export const repliesEn: ReplyWords = {
  reply: "Reply",
  replyingTo: (name) => `Replying to ${name}`,
  self: "yourself",
  leave: "Stop replying",
  repliesTo: "Reply to",
  gone: "A message that is gone",
  hidden: "Message of somebody you ignore",
  loading: "Loading…",
};
