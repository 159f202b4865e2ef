/** The state of a form: problems of its fields, whether it is being sent, and when it may be sent again. */
import { computed, signal } from "@preact/signals";
import type { FieldName, PlacedProblem } from "../../shared/http-api.ts";
import type { Ban } from "../../shared/server-frames.ts";
import type { ApiProblem } from "../sync/api.ts";
import type { Clock } from "../sync/clock.ts";
import { createCountdown } from "./countdown.ts";
import type { FieldProblems } from "./field-rules.ts";

export type FormValues = Record<string, string>;

export type FormDeps<Values> = {
  clock: Clock;
  check(values: Values): FieldProblems;
  /** The field at which a problem of the server is shown, if the problem belongs to one field. */
  places?: Partial<Record<PlacedProblem, keyof Values & FieldName>>;
  /** @returns the problem, or undefined when it worked. */
  send(values: Values): Promise<ApiProblem | undefined>;
};

export type Form<Values extends FormValues> = ReturnType<typeof createForm<Values>>;

export function createForm<Values extends FormValues>(deps: FormDeps<Values>) {
  const busy = signal(false);
  const problem = signal<ApiProblem["code"] | undefined>(undefined);
  const ban = signal<Ban | undefined>(undefined);
  const fields = signal<FieldProblems>({});
  const countdown = createCountdown(deps.clock);

  return {
    busy: computed(() => busy.value),
    problem: computed(() => problem.value),
    /** The reason and the end of the ban after the problem `banned`. */
    ban: computed(() => ban.value),
    fields: computed(() => fields.value),
    /** Seconds until the server accepts another try. */
    secondsLeft: countdown.secondsLeft,
    submit,
    /** The person changes a field, so its problem no longer applies. */
    touched(name: FieldName) {
      const { [name]: _, ...others } = fields.value;
      fields.value = others;
      problem.value = undefined;
      ban.value = undefined;
    },
    clear,
  };

  /** @returns whether it worked. Does nothing while an earlier answer is awaited. */
  async function submit(values: Values): Promise<boolean> {
    if (busy.value || countdown.secondsLeft.value !== undefined) return false;
    clear();
    fields.value = deps.check(values);
    if (Object.keys(fields.value).length > 0) return false;
    busy.value = true;
    // Also after a rejection, because nobody could leave a form that stays busy.
    const answer = await deps.send(values).finally(() => {
      busy.value = false;
    });
    if (answer) explain(answer, values);
    return answer === undefined;
  }

  function explain(
    { code, fields: wrong = {}, retryAfterMs, reason = "", until }: ApiProblem,
    values: Values,
  ) {
    ban.value = code === "banned" && until !== undefined ? { reason, until } : undefined;
    const place = isPlaced(code) ? deps.places?.[code] : undefined;
    const shown = Object.entries(wrong).filter(([name]) => name in values);
    if (isPlaced(code) && place) fields.value = { [place]: code };
    // A problem of a field that is not in the form is shown as the problem of the form.
    else if (shown.length > 0) fields.value = Object.fromEntries(shown);
    else problem.value = code;
    if (retryAfterMs) countdown.countTo(deps.clock.now() + retryAfterMs);
  }

  function clear() {
    fields.value = {};
    problem.value = undefined;
    ban.value = undefined;
  }
}

const PLACED: ReadonlySet<string> = new Set<PlacedProblem>([
  "email_taken",
  "nickname_taken",
  "room_taken",
  "bad_credentials",
]);
const isPlaced = (code: string): code is PlacedProblem => PLACED.has(code);
