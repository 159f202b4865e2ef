import type { UnreadWords } from "../unread.ts";

export const unreadKo: UnreadWords = {
  messages: (count) => `읽지 않은 메시지 ${count}개`,
  mentions: (count) => `나를 부른 메시지 ${count}개`,
  since: (when) => `${when}부터 새 메시지`,
  jump: (count) => `읽지 않은 메시지 ${count}개`,
  dismiss: "닫기",
  readAll: "모두 읽음으로 표시",
  readAllKeys: "Shift+Esc",
};
