import type { ReadingWords } from "../reading.ts";

export const readingKo: ReadingWords = {
  pause: "잠시 멈추기",
  pauseKey: "대화에서 스페이스 키로도 멈춥니다",
  summary: (count, name, text) => `새 메시지 ${count}개. 마지막은 ${name}: ${text}`,
};
