import type { ClosingDialogWords } from "../closing.ts";

export const closingDialogsKo: ClosingDialogWords = {
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
};
