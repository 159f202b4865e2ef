import type { ReadingWords } from "../reading.ts";

export const readingEn: ReadingWords = {
  pause: "Pause",
  pauseKey: "The space bar in the conversation does the same",
  summary: (count, name, text) =>
    `${count === 1 ? "One new message" : `${count} new messages`}, the last by ${name}: ${text}`,
};
