import { useState } from "preact/hooks";
import type { FieldName } from "../../../shared/http-api.ts";
import type { FieldProblem } from "../../words/sentences.ts";
import { useWords } from "../app-context.ts";
import { Field } from "../ui/field.tsx";
import { MoreIcon } from "../ui/more-icons.tsx";

type Props = {
  name?: "password" | "current" | "next";
  isNew: boolean;
  problem: FieldProblem | undefined;
  touched: (name: FieldName) => void;
};

/** A password field that can show its value, marked for password managers. */
export function PasswordField({ name = "password", isNew, problem, touched }: Props) {
  const words = useWords();
  const [shown, setShown] = useState(false);
  return (
    <div class="password">
      <Field
        name={name}
        hinted={isNew}
        problem={problem}
        touched={touched}
        type={shown ? "text" : "password"}
        autocomplete={isNew ? "new-password" : "current-password"}
      />
      <button
        class="icon-button password-eye"
        type="button"
        aria-pressed={shown}
        aria-label={shown ? words.hidePassword : words.showPassword}
        onClick={() => setShown(!shown)}
      >
        <MoreIcon name="eye" />
      </button>
    </div>
  );
}
