/** Access to the state for components, which read its signals and call its functions. */
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

/** The sentences in the current language. */
export const useWords = (): Words => useApp().language.words.value;
