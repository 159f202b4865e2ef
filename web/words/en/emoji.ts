import type { EmojiWords } from "../emoji.ts";

export const emojiEn: EmojiWords = {
  title: "Emoji",
  search: "Search emoji",
  loading: "Loading emoji…",
  failed: "The emoji could not be loaded.",
  none: "No emoji with this name.",
  recent: "Recent",
  noRecent: "Emoji that you pick are here next time.",
  groups: [
    "Smileys and emotion",
    "People and body",
    "Parts",
    "Animals and nature",
    "Food and drink",
    "Travel and places",
    "Activities",
    "Objects",
    "Symbols",
    "Flags",
  ],
  tone: "Skin tone",
  tones: ["No tone", "Light", "Medium light", "Medium", "Medium dark", "Dark"],
  found: (count) => `${count} found`,
  choose: "Emoji to insert",
  chosen: (name, count) => `${name}, chosen of ${count}`,
};
