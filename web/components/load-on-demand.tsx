import { useEffect } from "preact/hooks";
import { addStyles } from "../page/more-styles.ts";
import type { App } from "../state/app.ts";
import type { Language } from "../words/languages.ts";
import { loadDialogWords } from "../words/load-words.ts";
import { useApp } from "./app-context.ts";
import { isWanted, loaded } from "./slot.tsx";

/**
 * The time after which the script is fetched without being needed: a click then waits for nothing, and a page that stays open over a
 * deploy has it.
 */
const EARLY_MS = 1_500;

/** @throws the browser's error when they could not be fetched; the next call tries again. */
async function load(app: App, language: Language): Promise<void> {
  if (loaded.peek()?.language === language) return;
  const [{ openOnDemand }, words] = await Promise.all([
    import("./on-demand.tsx"),
    loadDialogWords(language),
    addStyles(document),
  ]);
  // Not as it was before: another call may have been faster, and the state is built once.
  const { parts, state } = loaded.peek() ?? openOnDemand(app);
  loaded.value = { parts, state, language, words };
}

/** Fetches the script of on-demand parts, their words and their styles once the page is there, or at once when a dialog or a slot needs them. */
export function LoadOnDemand() {
  const app = useApp();
  const { dialogs, language, route, toasts } = app;
  const shown = language.language.value;
  const isNeeded = dialogs.open.value !== undefined || isWanted.value || route.invitation !== undefined;
  useEffect(() => {
    const timer = setTimeout(() => load(app, shown).catch(failed), isNeeded ? 0 : EARLY_MS);
    return () => clearTimeout(timer);
  }, [isNeeded, shown]);
  return null;

  /** Nobody is told while nobody waits for it: the next need tries again. */
  function failed() {
    if (!dialogs.open.peek() && !isWanted.peek()) return;
    isWanted.value = false;
    dialogs.close();
    toasts.show({ about: "problem", code: "unreachable" });
  }
}
