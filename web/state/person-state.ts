/** Who somebody is now and what was done about them, for whoever is about to do more. */
import { computed, signal } from "@preact/signals";
import type { PersonAnswer } from "../../shared/http-api.ts";
import type { Api } from "../sync/api.ts";

export function createPersonState(api: Pick<Api, "person">) {
  const person = signal<PersonAnswer | undefined>(undefined);
  const failed = signal(false);
  let asked = 0;

  return {
    /** Undefined until the first answer. */
    get value() {
      return person.value;
    },
    failed: computed(() => failed.value),
    async load(user: string): Promise<void> {
      clear();
      const own = asked;
      const answer = await api.person(user);
      if (own !== asked) return;
      failed.value = !answer.ok;
      if (answer.ok) person.value = answer.value;
    },
    clear,
  };

  /** What was known, or is on its way, is about somebody else, or of before. */
  function clear() {
    asked += 1;
    person.value = undefined;
    failed.value = false;
  }
}
