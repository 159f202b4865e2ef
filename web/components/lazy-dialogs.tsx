import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { type DialogWords, withDialogWords } from "../words/dialogs.ts";
import type { Language } from "../words/languages.ts";
import { loadDialogWords } from "../words/load-words.ts";
import { useApp, useWords } from "./app-context.ts";
import { DialogWordsContext } from "./dialog-words.ts";

type Loaded = { Dialogs: () => JSX.Element | null; language: Language; words: DialogWords };

/**
 * The time after which the script of the dialogs is fetched without being needed: a click then waits for nothing, and a page that
 * stays open over a deploy has it.
 */
const EARLY_MS = 1_500;

const loaded = signal<Loaded | undefined>(undefined);

/** @throws the browser's error when they could not be fetched; the next call tries again. */
async function load(language: Language): Promise<void> {
  if (loaded.peek()?.language === language) return;
  const [{ Dialogs }, words] = await Promise.all([import("./dialogs.tsx"), loadDialogWords(language)]);
  loaded.value = { Dialogs, language, words };
}

/** The open dialog. Its script and its words are fetched once the page is there. */
export function LazyDialogs() {
  const { dialogs, language, toasts } = useApp();
  const words = useWords();
  const shown = language.language.value;
  const isOpen = dialogs.open.value !== undefined;
  useEffect(() => {
    const timer = setTimeout(() => load(shown).catch(failed), isOpen ? 0 : EARLY_MS);
    return () => clearTimeout(timer);
  }, [isOpen, shown]);

  /** Nobody is told while nobody waits for it: the first dialog tries again. */
  function failed() {
    if (!dialogs.open.peek()) return;
    dialogs.close();
    toasts.show({ about: "problem", code: "unreachable" });
  }

  if (!loaded.value) return null;
  const { Dialogs, words: more } = loaded.value;
  return (
    <DialogWordsContext.Provider value={withDialogWords(words, more)}>
      <Dialogs />
    </DialogWordsContext.Provider>
  );
}
