import type { ClosingWords } from "../closing.ts";

export const closingKo: ClosingWords = {
  archived: "보관된 대화방입니다. 읽을 수만 있습니다.",
  hidden: "이 대화방의 지난 대화는 숨겨져 있습니다.",
  reopen: "다시 열기",
  reopenAsk: "이 대화방을 다시 열까요? 누구나 읽고 쓸 수 있게 됩니다.",
  notices: {
    closed: (name) => `${name}님이 이 대화방을 닫았습니다.`,
    reopened: (name) => `${name}님이 이 대화방을 다시 열었습니다.`,
  },
};
