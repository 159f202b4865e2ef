/** Sentences about closing and archiving rooms. Names and titles are isolated already. */
import type { ClosedHistory } from "../../shared/http-api.ts";

export type ClosingWords = {
  archived: string;
  hidden: string;
  reopen: string;
  reopenAsk: string;
  notices: { closed: (name: string) => string; reopened: (name: string) => string };
};

/** Those of the dialogs, which come with their script. */
export type ClosingDialogWords = {
  open: string;
  title: (room: string) => string;
  everybodyLeaves: string;
  history: string;
  choices: Record<ClosedHistory, string>;
  meaning: Record<ClosedHistory, string>;
  acts: Record<ClosedHistory, string>;
  writeAddress: (name: string) => string;
};
