import type { Form } from "../../state/form.ts";
import { problemSentence } from "../../words/sentences.ts";
import { useWords } from "../app-context.ts";
import { BanDetails } from "./ban-details.tsx";

type Props = {
  form: Pick<Form<never>, "busy" | "problem" | "ban" | "secondsLeft">;
  label: string;
  grave?: boolean;
  /** Whether the form can be sent yet. */
  ready?: boolean;
};

/** The end of every form: the problem of the form as a whole, and the button. */
export function FormEnd({ form, label, grave = false, ready = true }: Props) {
  const words = useWords();
  const problem = form.problem.value;
  const seconds = form.secondsLeft.value;
  return (
    <>
      <div role="alert">
        {problem && (
          <p class="form-problem">
            {problemSentence(words, problem)} {seconds !== undefined && words.tryAgainIn(seconds)}
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
        // Not `disabled`, because a disabled button loses the focus. The form sends nothing twice anyway.
        aria-disabled={!ready || form.busy.value || seconds !== undefined}
      >
        {form.busy.value ? words.working : label}
      </button>
    </>
  );
}
