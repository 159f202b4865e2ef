import { useRef, useState } from "preact/hooks";
import { useApp, useWords } from "./app-context.ts";
import { Dialog } from "./dialog.tsx";
import { Field } from "./field.tsx";
import { FormEnd } from "./form-end.tsx";
import { formValues } from "./form-values.ts";
import { PasswordField } from "./password-field.tsx";

const TABS = ["logIn", "signUp"] as const;

/** Log in, or sign up: one dialog, two tabs. It goes away when there is a user. */
export function AuthDialog() {
  const { forms, dialogs } = useApp();
  const words = useWords();
  const [tab, setTab] = useState<(typeof TABS)[number]>("logIn");
  const element = useRef<HTMLFormElement>(null);
  const form = forms[tab];
  const isNew = tab === "signUp";

  async function submit() {
    const done = isNew
      ? await forms.signUp.submit(formValues(element.current, ["email", "password", "nickname"]))
      : await forms.logIn.submit(formValues(element.current, ["email", "password"]));
    if (!done) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }

  return (
    <Dialog title={words.welcome} closed={() => dialogs.close("auth")}>
      <div class="tabs" role="tablist">
        {TABS.map((name) => (
          <button
            key={name}
            id={`tab-${name}`}
            class="tab"
            type="button"
            role="tab"
            aria-selected={tab === name}
            aria-controls="auth-panel"
            onClick={() => setTab(name)}
          >
            {words[name]}
          </button>
        ))}
      </div>
      <div id="auth-panel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        <form
          ref={element}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <Field
            name="email"
            problem={form.fields.value.email}
            touched={form.touched}
            type="email"
            autocomplete="username"
            first
          />
          <PasswordField isNew={isNew} problem={form.fields.value.password} touched={form.touched} />
          {isNew && (
            <Field
              name="nickname"
              hinted
              problem={form.fields.value.nickname}
              touched={form.touched}
              autocomplete="nickname"
            />
          )}
          <FormEnd form={form} label={words[tab]} />
        </form>
      </div>
    </Dialog>
  );
}
