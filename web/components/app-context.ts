/** How components reach the state: read its signals, call its verbs. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { App } from "../state/app.ts";
import type { Words } from "../words/words.ts";

export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error("a component was rendered outside AppContext");
  return app;
}

/** The sentences of the language chosen now. */
export const useWords = (): Words => useApp().language.words.value;
