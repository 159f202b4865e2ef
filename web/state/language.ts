/** The language of the page: the person's choice, or the first of the browser's languages that we have. */
import { computed, effect, signal } from "@preact/signals";
import { datesIn } from "../words/dates.ts";
import { type Language, languageFor } from "../words/languages.ts";
import { loadWords } from "../words/load-words.ts";
import type { Words } from "../words/words.ts";
import type { Kept } from "./kept.ts";

/** `language`: the one of `words`. */
export type FirstWords = { language: Language; words: Words };
type LanguageDeps = {
  kept: Kept;
  browserLanguages: readonly string[];
  first: FirstWords;
  /** Called when the words of another language could not be fetched. */
  failed: () => void;
};

export function createLanguage({ kept, browserLanguages, first, failed }: LanguageDeps) {
  const chosen = kept.preference("language");
  const clock = kept.preference("clock");
  const asked = computed<Language>(() => languageFor(chosen.value, browserLanguages));
  /** The language shown, with its words: the one before until those of the next are there. */
  const shown = signal(first);
  /** Raised with each choice, because one whose words did not come may be made again. */
  const choices = signal(0);
  effect(() => {
    choices.value;
    const language = asked.value;
    if (shown.peek().language === language) return;
    loadWords(language).then((words) => {
      if (asked.peek() === language) shown.value = { language, words };
    }, failed);
  });
  const language = computed(() => shown.value.language);
  effect(() => {
    document.documentElement.lang = language.value;
  });

  return {
    language,
    words: computed<Words>(() => shown.value.words),
    /** Formats dates and times in the page's language, by the browser's region and time zone. */
    dates: computed(() => datesIn(language.value, browserLanguages[0], clock.value)),
    choose(next: Language) {
      kept.change("language", () => next);
      choices.value += 1;
    },
  };
}
