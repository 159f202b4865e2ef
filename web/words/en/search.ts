import type { SearchWords } from "../search.ts";

const plural = new Intl.PluralRules("en");
const number = new Intl.NumberFormat("en");

export const searchEn: SearchWords = {
  title: "Search this room",
  placeholder: "Words in messages",
  hint: "Finds messages of this room that have all of your words, the newest first.",
  short: "At least one word needs two letters.",
  searching: "Searching…",
  found: (count, more) =>
    `${number.format(count)}${more ? "+" : ""} ${plural.select(count) === "one" && !more ? "message" : "messages"} found`,
  nothing: "No message here has these words.",
  nothingYet: "Nothing found so far.",
  more: "Search older messages",
  busy: "That was a lot of searching. It goes on by itself in a moment.",
  failed: "The search does not answer right now.",
};
