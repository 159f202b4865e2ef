/** All words, for what is drawn inside dialogs only. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { FullWords } from "../words/dialogs.ts";

export const DialogWordsContext = createContext<FullWords | undefined>(undefined);

export function useDialogWords(): FullWords {
  const words = useContext(DialogWordsContext);
  if (!words) throw new Error("this is drawn outside of the dialogs");
  return words;
}
