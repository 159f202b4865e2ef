import { own } from "../../shared/own.ts";
import type { ApiProblem } from "../api.ts";
import type { Form } from "../state/form.ts";
import { problemSentence } from "../words/sentences.ts";
import { useWords } from "./app-context.ts";
import { BanDetails } from "./ban-details.tsx";

type Props = {
  form: Pick<Form<never>, "busy" | "problem" | "ban" | "secondsLeft">;
  label: string;
  grave?: boolean;
  /** Better words for some problems. */
  explain?: Partial<Record<ApiProblem["code"], string>>;
};

/** What every form ends with: the problem with the whole of it, and the button. */
export function FormEnd({ form, label, grave = false, explain = {} }: Props) {
  const words = useWords();
  const problem = form.problem.value;
  const seconds = form.secondsLeft.value;
  return (
    <>
      <div role="alert">
        {problem && (
          <p class="form-problem">
            {own(explain, problem) ?? problemSentence(words, problem)}{" "}
            {seconds !== undefined && words.tryAgainIn(seconds)}
          </p>
        )}
        {form.ban.value && (
          <div class="form-problem">
            <BanDetails ban={form.ban.value} />
          </div>
        )}
      </div>
      <button
        class={grave ? "button grave wide" : "button primary wide"}
        type="submit"
        disabled={form.busy.value || seconds !== undefined}
      >
        {form.busy.value ? words.working : label}
      </button>
    </>
  );
}
