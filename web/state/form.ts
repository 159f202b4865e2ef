/** A form from the first key to the server's answer: what is wrong with which field, whether it is busy, when to try again. */
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
  /** The field at which a problem of the server is told, where it is one field's. */
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
    /** Of the problem `banned`: why and until when. */
    ban: computed(() => ban.value),
    fields: computed(() => fields.value),
    /** Seconds until the server wants to hear from us again. */
    secondsLeft: countdown.secondsLeft,
    submit,
    /** The person changes a field: what was said about it no longer holds. */
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
    // Whatever becomes of it: a form that is busy for ever is one that nobody can leave.
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
    // What is wrong with a field that nobody sees is the whole form's problem.
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
