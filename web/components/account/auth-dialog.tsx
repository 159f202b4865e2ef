import { useState } from "preact/hooks";
import { areCookiesBlocked } from "../../page/cookies.ts";
import type { AuthTab } from "../../state/dialogs.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { arrowKeys } from "../ui/arrow-keys.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { FormBox } from "../ui/form-box.tsx";
import { PasswordField } from "./password-field.tsx";

const TABS = ["logIn", "signUp"] as const satisfies AuthTab[];

type Props = {
  /** The tab that is open at first. */
  first: AuthTab;
  /** Whether a message waits for its author to come in. */
  isSending: boolean;
};

/** One dialog with two tabs, to log in and to sign up. It closes when there is a user. */
export function AuthDialog({ first, isSending }: Props) {
  const { session } = useApp();
  const { forms } = useOnDemand();
  const { loggedOut } = session;
  const words = useDialogWords();
  const [tab, setTab] = useState<AuthTab>(first);
  const [blocked] = useState(() => areCookiesBlocked(window));
  const form = forms[tab];
  const isNew = tab === "signUp";

  // The same place in the tree, so that typed values stay when the tab changes.
  const inputs = (
    <>
      {isNew && (
        <Field
          name="nickname"
          hinted
          problem={form.fields.value.nickname}
          touched={form.touched}
          autocomplete="nickname"
          first
        />
      )}
      <Field
        name="email"
        problem={form.fields.value.email}
        touched={form.touched}
        type="email"
        autocomplete="username"
        // Not after a log-out of their own: somebody else may sit here now.
        value={loggedOut.value ? session.lastEmail() : ""}
        first={!isNew}
      />
      <PasswordField isNew={isNew} problem={form.fields.value.password} touched={form.touched} />
      {!isNew && <p class="note">{words.account.lostPassword}</p>}
    </>
  );

  return (
    <Dialog at="auth" title={loggedOut.value ? words.loggedOut[loggedOut.value] : words.welcome}>
      {blocked && <p class="note why">{words.cookiesBlocked}</p>}
      {isSending && <p class="note why">{words.account.sentThen}</p>}
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
          <FormBox form={forms.signUp} names={["nickname", "email", "password"]} label={words.signUp}>
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
