import type { PinWords } from "../pins.ts";

export const pinsKo: PinWords = {
  pinned: "고정된 메시지",
  pin: "고정",
  unpin: "고정 해제",
  dismiss: "고정된 메시지 접기",
  goTo: "고정된 메시지로 가기:",
};
