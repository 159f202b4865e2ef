import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Form } from "../../state/form.ts";
import { FormEnd } from "./form-end.tsx";
import { formValues } from "./form-values.ts";

type Props<Name extends string> = {
  form: Form<Record<Name, string>>;
  /** Names of the inputs to send. */
  names: readonly Name[];
  /** The text of the button. */
  label: string;
  /** Whether the button warns, because the action cannot be undone. */
  grave?: boolean;
  /** Whether the form can be sent yet. */
  ready?: boolean;
  done?: () => void;
  children: ComponentChildren;
};

/** A form from its inputs to its button. The focus goes to the first invalid input. */
export function FormBox<Name extends string>({
  form,
  names,
  label,
  grave,
  ready = true,
  done,
  children,
}: Props<Name>) {
  const element = useRef<HTMLFormElement>(null);
  const [failures, setFailures] = useState(0);

  // After rendering, because only then are the invalid inputs marked.
  useEffect(() => {
    if (failures > 0) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [failures]);

  async function submit() {
    if (!ready) return;
    if (!(await form.submit(formValues(element.current, names)))) {
      setFailures((before) => before + 1);
      return;
    }
    element.current?.reset();
    done?.();
  }

  return (
    <form
      ref={element}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {children}
      <FormEnd form={form} label={label} grave={grave ?? false} ready={ready} />
    </form>
  );
}
