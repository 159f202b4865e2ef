/** Sentences about closing and archiving rooms. Names and titles are isolated already. */
import type { ClosedHistory } from "../../shared/http-api.ts";

export type ClosingWords = {
  open: string;
  title: (room: string) => string;
  everybodyLeaves: string;
  history: string;
  choices: Record<ClosedHistory, string>;
  meaning: Record<ClosedHistory, string>;
  acts: Record<ClosedHistory, string>;
  writeAddress: (name: string) => string;
  archived: string;
  hidden: string;
  reopen: string;
  reopenAsk: string;
  notices: { closed: (name: string) => string; reopened: (name: string) => string };
};

export const closingEn: ClosingWords = {
  open: "Close this room…",
  title: (room) => `Close ${room}`,
  everybodyLeaves: "Everybody leaves the room, and nobody can write in it any more.",
  history: "What was said",
  choices: { shown: "May be read", hidden: "Is hidden", deleted: "Is deleted" },
  meaning: {
    shown: "The room is archived: everybody may read it on. You can open it again.",
    hidden: "The room is archived, and nobody may read it. You can open it again.",
    deleted: "The room and all its messages are deleted for ever. This cannot be undone.",
  },
  acts: {
    shown: "Archive the room",
    hidden: "Archive and hide the room",
    deleted: "Delete the room for ever",
  },
  writeAddress: (name) => `Write the address of the room to confirm: ${name}`,
  archived: "This room is archived: it can be read, but nobody can write.",
  hidden: "What was said in this room is hidden.",
  reopen: "Open it again",
  reopenAsk: "Open this room again, so that everybody can read it and write in it?",
  notices: {
    closed: (name) => `${name} closed this room.`,
    reopened: (name) => `${name} opened this room again.`,
  },
};

export const closingKo: ClosingWords = {
  open: "이 대화방 닫기…",
  title: (room) => `${room} 닫기`,
  everybodyLeaves: "모두 대화방에서 나가게 되고, 더 이상 아무도 쓸 수 없습니다.",
  history: "지난 대화",
  choices: { shown: "계속 읽기", hidden: "숨기기", deleted: "삭제" },
  meaning: {
    shown: "대화방을 보관합니다. 지난 대화는 누구나 계속 읽을 수 있고, 다시 열 수 있습니다.",
    hidden: "대화방을 보관하고 지난 대화를 숨깁니다. 다시 열 수 있습니다.",
    deleted: "대화방과 모든 메시지를 영구히 삭제합니다. 되돌릴 수 없습니다.",
  },
  acts: { shown: "대화방 보관", hidden: "보관하고 숨기기", deleted: "영구히 삭제" },
  writeAddress: (name) => `확인을 위해 대화방 주소를 입력해 주세요: ${name}`,
  archived: "보관된 대화방입니다. 읽을 수만 있습니다.",
  hidden: "이 대화방의 지난 대화는 숨겨져 있습니다.",
  reopen: "다시 열기",
  reopenAsk: "이 대화방을 다시 열까요? 누구나 읽고 쓸 수 있게 됩니다.",
  notices: {
    closed: (name) => `${name}님이 이 대화방을 닫았습니다.`,
    reopened: (name) => `${name}님이 이 대화방을 다시 열었습니다.`,
  },
};
