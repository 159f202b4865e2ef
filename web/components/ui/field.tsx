import { useId } from "preact/hooks";
import type { FieldName } from "../../../shared/http-api.ts";
import type { FieldProblem } from "../../words/sentences.ts";
import { fieldSentence } from "../../words/sentences.ts";
import { useWords } from "../app-context.ts";

type Props = {
  name: FieldName;
  type?: "text" | "email" | "password";
  autocomplete: "off" | "username" | "nickname" | "new-password" | "current-password";
  problem: FieldProblem | undefined;
  touched: (name: FieldName) => void;
  /** Whether the hint is shown: where a new value is being chosen. */
  hinted?: boolean;
  /** The initial value. */
  value?: string;
  /** Whether it has the focus when its dialog opens. */
  first?: boolean;
};

/** A labelled input with its hint and its problem, both of which a screen reader announces with the input. */
export function Field({
  name,
  type = "text",
  autocomplete,
  problem,
  touched,
  hinted,
  value,
  first = false,
}: Props) {
  const words = useWords();
  const id = useId();
  const hint = hinted ? words.hints[name] : "";
  const attributes = {
    id,
    name,
    class: "input",
    dir: "auto",
    autocomplete,
    autocapitalize: "none",
    autofocus: first,
    defaultValue: value ?? "",
    "aria-invalid": problem !== undefined,
    "aria-describedby": `${id}-note`,
    onInput: () => touched(name),
  } as const;
  return (
    <div class="field">
      <label for={id}>{words.fields[name]}</label>
      {/* The same place in the tree, so that a typed password stays when it is shown or hidden. */}
      {type === "password" ? (
        <input {...attributes} type="password" />
      ) : type === "email" ? (
        <input {...attributes} type="email" />
      ) : (
        <input {...attributes} type="text" />
      )}
      <p id={`${id}-note`} class={problem ? "note wrong" : "note"}>
        {problem ? fieldSentence(words, name, problem) : hint}
      </p>
    </div>
  );
}
