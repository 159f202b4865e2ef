import type { ClosingDialogWords } from "../closing.ts";

export const closingDialogsEn: ClosingDialogWords = {
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
};
