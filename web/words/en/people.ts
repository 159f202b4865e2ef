import type { PeopleWords } from "../people.ts";

const plural = new Intl.PluralRules("en");
const number = new Intl.NumberFormat("en");
const counted = (count: number, one: string, other: string) =>
  `${number.format(count)} ${plural.select(count) === "one" ? one : other}`;

export const peopleEn: PeopleWords = {
  title: "People here",
  filter: "Filter by name",
  found: (count) => `${counted(count, "person", "people")} found`,
  nobodyFound: "Nobody here has such a name.",
  guests: (count) => counted(count, "guest", "guests"),
  unnamed: (count) => `and ${number.format(count)} more`,
  ignored: "ignored",
  mention: "Mention",
  reportThis: "Report this message",
  reportNewest: "Report their newest message",
  share: "Share the link to this room",
};
