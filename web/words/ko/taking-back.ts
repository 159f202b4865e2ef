import type { TakingBackWords } from "../taking-back.ts";

export const takingBackKo: TakingBackWords = {
  takeBack: "보내기 취소",
  done: "보내기를 취소했습니다. 이제 아무에게도 보이지 않습니다.",
  late: (seenBy) =>
    seenBy === 0
      ? "취소하기에는 늦어서 삭제 표시를 남기고 지웠습니다."
      : `이미 ${seenBy}명이 읽어서 삭제 표시를 남기고 지웠습니다.`,
  putBack: "입력란에 되돌리기",
};
