/** State and words for components that come with the script of on-demand parts. Slots provide both. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { OnDemand } from "../state/on-demand.ts";
import type { FullWords } from "../words/dialogs.ts";

export const DialogWordsContext = createContext<FullWords | undefined>(undefined);
export const OnDemandContext = createContext<OnDemand | undefined>(undefined);

/** All words, in the current language. */
export function useDialogWords(): FullWords {
  const words = useContext(DialogWordsContext);
  if (!words) throw new Error("this is drawn outside of a slot");
  return words;
}

/** The state that came with the script. */
export function useOnDemand(): OnDemand {
  const state = useContext(OnDemandContext);
  if (!state) throw new Error("this is drawn outside of a slot");
  return state;
}
