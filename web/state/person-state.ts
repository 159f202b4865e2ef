/** The role and restrictions of one person, for a moderator. */
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

  /** Also drops a pending answer, because it is about another person or out of date. */
  function clear() {
    asked += 1;
    person.value = undefined;
    failed.value = false;
  }
}
