/** The language of the page: the person's choice, or the first of the browser's languages that we have. */
import { computed, effect } from "@preact/signals";
import { datesIn } from "../words/dates.ts";
import { en } from "../words/en.ts";
import { ko } from "../words/ko.ts";
import type { Words } from "../words/words.ts";
import type { Kept } from "./kept.ts";

const TABLES = { ko, en } satisfies Record<string, Words>;
export type Language = keyof typeof TABLES;
export const LANGUAGES = [
  { code: "ko", name: ko.languageName },
  { code: "en", name: en.languageName },
] as const;

const isLanguage = (value: string): value is Language => Object.hasOwn(TABLES, value);

export function createLanguage(kept: Kept, browserLanguages: readonly string[]) {
  const first = browserLanguages.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? "en";
  const chosen = kept.preference("language");
  const language = computed<Language>(() =>
    chosen.value !== undefined && isLanguage(chosen.value) ? chosen.value : first,
  );
  effect(() => {
    document.documentElement.lang = language.value;
  });

  return {
    language,
    words: computed<Words>(() => TABLES[language.value]),
    /** Formats dates and times in the page's language, by the browser's region and time zone. */
    dates: computed(() => datesIn(language.value, browserLanguages[0])),
    choose: (next: Language) => kept.change("language", () => next),
  };
}
