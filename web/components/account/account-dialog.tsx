import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useApp, useWords } from "../app-context.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { FormBox } from "../ui/form-box.tsx";
import { ConnectionList, IgnoredList, SessionList } from "./account-lists.tsx";
import { PasswordField } from "./password-field.tsx";

/** Everything about one's own account, one part unfolded at a time. */
export function AccountDialog() {
  const { account, session } = useApp();
  const words = useWords();
  const { rename, changePassword, close } = account;
  return (
    <Dialog at="account" title={words.account.title}>
      <Part title={words.fields.nickname} open>
        <FormBox form={rename} names={["nickname"]} label={words.account.save}>
          <Field
            name="nickname"
            hinted
            value={session.user.value?.nickname ?? ""}
            problem={rename.fields.value.nickname}
            touched={rename.touched}
            autocomplete="nickname"
          />
        </FormBox>
      </Part>
      <Part title={words.fields.password}>
        <FormBox form={changePassword} names={["current", "next"]} label={words.account.changePassword}>
          <PasswordField
            name="current"
            isNew={false}
            problem={changePassword.fields.value.current}
            touched={changePassword.touched}
          />
          <PasswordField
            name="next"
            isNew
            problem={changePassword.fields.value.next}
            touched={changePassword.touched}
          />
          <p class="hint">{words.account.othersLoggedOut}</p>
        </FormBox>
      </Part>
      <Part title={words.account.devices}>
        <SessionList />
      </Part>
      <Part title={words.account.connections}>
        <ConnectionList />
      </Part>
      <Part title={words.account.ignored}>
        <IgnoredList />
      </Part>
      <Part title={words.account.close}>
        <p class="hint">{words.account.closeWarning}</p>
        <FormBox form={close} names={["password"]} label={words.account.close} grave>
          <PasswordField isNew={false} problem={close.fields.value.password} touched={close.touched} />
        </FormBox>
      </Part>
    </Dialog>
  );
}

/** What is folded away does not exist yet, so that nothing is asked of the server that nobody looks at. */
function Part({
  title,
  open = false,
  children,
}: {
  title: string;
  open?: boolean;
  children: ComponentChildren;
}) {
  const [isOpen, setOpen] = useState(open);
  return (
    <details
      class="part"
      name="account"
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>{title}</summary>
      {isOpen && <div class="part-body">{children}</div>}
    </details>
  );
}
