import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { FormBox } from "../ui/form-box.tsx";
import { ConnectionList, IgnoredList, SessionList } from "./account-lists.tsx";
import { NotificationSettings } from "./notification-settings.tsx";
import { PasswordField } from "./password-field.tsx";

/** The dialog of the user's own account, with one section unfolded at a time. */
export function AccountDialog() {
  const { session } = useApp();
  const { account } = useOnDemand();
  const words = useDialogWords();
  const { rename, changePassword, close } = account;
  return (
    <Dialog at="account" title={words.account.title}>
      <Section title={words.fields.nickname} open>
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
      </Section>
      <Section title={words.fields.password}>
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
      </Section>
      <Section title={words.notifications.title}>
        <NotificationSettings />
      </Section>
      <Section title={words.account.devices}>
        <SessionList />
      </Section>
      <Section title={words.account.connections}>
        <ConnectionList />
      </Section>
      <Section title={words.account.ignored}>
        <IgnoredList />
      </Section>
      <Section title={words.account.close}>
        <p class="hint">{words.account.closeWarning}</p>
        <FormBox form={close} names={["password"]} label={words.account.close} grave>
          <PasswordField isNew={false} problem={close.fields.value.password} touched={close.touched} />
        </FormBox>
      </Section>
    </Dialog>
  );
}

/** Renders its children only while it is open, so that hidden lists are not loaded. */
function Section({
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
