/** Sentences about the settings. Names are isolated already. */
import type { ChoiceKey, ChoiceOf } from "../sync/choices.ts";

export type SettingsWords = {
  title: string;
  labels: Record<ChoiceKey, string>;
  choices: { [K in ChoiceKey]: Record<ChoiceOf<K>, string> };
  allKeys: string;
  /** Read out when somebody speaks to the person. */
  spoken: (name: string, text: string) => string;
};
