/** The words of each language are scripts of their own, so that a page fetches only those that it shows. */
import type { DialogWords } from "./dialogs.ts";
import type { Language } from "./languages.ts";
import type { Words } from "./words.ts";

const LOADERS: Record<Language, () => Promise<Words>> = {
  ko: async () => (await import("./ko.ts")).ko,
  en: async () => (await import("./en.ts")).en,
};
const DIALOG_LOADERS: Record<Language, () => Promise<DialogWords>> = {
  ko: async () => (await import("./ko/dialogs.ts")).dialogsKo,
  en: async () => (await import("./en/dialogs.ts")).dialogsEn,
};

/** @throws the browser's error when they could not be fetched. */
export const loadWords = (language: Language): Promise<Words> => LOADERS[language]();
/** @throws the browser's error when they could not be fetched. */
export const loadDialogWords = (language: Language): Promise<DialogWords> => DIALOG_LOADERS[language]();
