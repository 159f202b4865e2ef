import type { ReplyWords } from "../replies.ts";

export const repliesKo: ReplyWords = {
  reply: "답장",
  replyingTo: (name) => `${name}에게 답장`,
  self: "나",
  leave: "답장 그만두기",
  repliesTo: "답장한 메시지:",
  gone: "사라진 메시지",
  hidden: "숨긴 사람의 메시지",
  loading: "불러오는 중…",
};
