import type { TakingBackWords } from "../taking-back.ts";

export const takingBackEn: TakingBackWords = {
  takeBack: "Take back",
  done: "Taken back. Nobody sees it any more.",
  late: (seenBy) =>
    seenBy === 0
      ? "Too late to take it back: it was deleted, with a mark."
      : `${seenBy} ${seenBy === 1 ? "person has" : "people have"} read it: it was deleted, with a mark.`,
  putBack: "Put the text back",
};
