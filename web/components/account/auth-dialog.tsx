import { useState } from "preact/hooks";
import { areCookiesBlocked } from "../../page/cookies.ts";
import { useApp, useWords } from "../app-context.ts";
import { arrowKeys } from "../ui/arrow-keys.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { FormBox } from "../ui/form-box.tsx";
import { PasswordField } from "./password-field.tsx";

const TABS = ["logIn", "signUp"] as const;

/** One dialog with two tabs, to log in and to sign up. It closes when there is a user. */
export function AuthDialog() {
  const { forms, session } = useApp();
  const { loggedOut } = session;
  const words = useWords();
  const [tab, setTab] = useState<(typeof TABS)[number]>("logIn");
  const [blocked] = useState(() => areCookiesBlocked(window));
  const form = forms[tab];
  const isNew = tab === "signUp";

  // The same place in the tree, so that typed values stay when the tab changes.
  const inputs = (
    <>
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
    </>
  );

  return (
    <Dialog at="auth" title={words.welcome}>
      {loggedOut.value && (
        <p class="note why" role="alert">
          {words.loggedOut[loggedOut.value]}
        </p>
      )}
      {blocked && <p class="note why">{words.cookiesBlocked}</p>}
      <div class="tabs" role="tablist" onKeyDown={arrowKeys((button) => button.click())}>
        {TABS.map((name) => (
          <button
            key={name}
            id={`tab-${name}`}
            class="tab"
            type="button"
            role="tab"
            aria-selected={tab === name}
            tabIndex={tab === name ? 0 : -1}
            aria-controls="auth-panel"
            onClick={() => setTab(name)}
          >
            {words[name]}
          </button>
        ))}
      </div>
      <div id="auth-panel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        {isNew ? (
          <FormBox form={forms.signUp} names={["email", "password", "nickname"]} label={words.signUp}>
            {inputs}
          </FormBox>
        ) : (
          <FormBox form={forms.logIn} names={["email", "password"]} label={words.logIn}>
            {inputs}
          </FormBox>
        )}
      </div>
    </Dialog>
  );
}
