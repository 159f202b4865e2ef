/** The languages of the page, and which of them a person reads. */
export const LANGUAGES = [
  { code: "ko", name: "한국어" },
  { code: "en", name: "English" },
] as const;
export type Language = (typeof LANGUAGES)[number]["code"];

const isLanguage = (value: string): value is Language => LANGUAGES.some(({ code }) => code === value);

/** @param chosen by the person, if at all. @returns that, or the first of the browser's languages that we have. */
export function languageFor(chosen: string | undefined, browserLanguages: readonly string[]): Language {
  if (chosen !== undefined && isLanguage(chosen)) return chosen;
  return browserLanguages.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? "en";
}
