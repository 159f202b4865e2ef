import type { ClosingWords } from "../closing.ts";

export const closingEn: ClosingWords = {
  archived: "This room is archived: it can be read, but nobody can write.",
  hidden: "What was said in this room is hidden.",
  reopen: "Open it again",
  reopenAsk: "Open this room again, so that everybody can read it and write in it?",
  notices: {
    closed: (name) => `${name} closed this room.`,
    reopened: (name) => `${name} opened this room again.`,
  },
};
