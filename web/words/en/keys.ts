import type { KeysWords } from "../keys.ts";

export const keysEn: KeysWords = {
  places: { page: "Anywhere", field: "While writing", list: "On a message" },
  lines: {
    switcher: "Go to a room or a person",
    previousRoom: "Previous room",
    nextRoom: "Next room",
    newest: "To the newest message and the field",
    pageUp: "A page up",
    pageDown: "A page down",
    search: "Search this room",
    help: "All keys",
    send: "Send",
    lineBreak: "New line",
    reply: "Take back what you just said, or choose the message to reply to (in an empty field)",
    readAll: "Mark all as read",
    messages: "From message to message",
    author: "To its author, mentions, reactions",
    first: "To the top",
    last: "To the newest message",
    pause: "Pause a fast room",
  },
  where: "Where to?",
  nothingFound: "Nothing was found.",
};
