import { useEffect, useState } from "preact/hooks";
import { FOR_GOOD, TERMS_MS } from "../../state/moderation.ts";
import type { Author } from "../../sync/replica.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { Check } from "../ui/check.tsx";
import { Choice } from "../ui/choice.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { FormBox } from "../ui/form-box.tsx";
import { PersonState } from "./person-state.tsx";
import { RoleForm } from "./role-form.tsx";

/** The actions of a moderator on a person; an admin can also ban them and change their role. */
export function PersonDialog({ user }: { user: Author }) {
  const { session } = useApp();
  const { moderation } = useOnDemand();
  const words = useDialogWords();
  const isAdmin = session.user.value?.role === "admin";
  const { person } = moderation;
  const known = person.value;
  const isAsked = known !== undefined || person.failed.value;
  useEffect(() => {
    void person.load(user.id);
    return person.clear;
  }, [user.id]);
  return (
    <Dialog at="person" title={user.nickname}>
      {/* Rendered all at once, so that no button moves under a finger. */}
      {known && <PersonState person={known} />}
      {person.failed.value && (
        <p class="hint">
          {words.account.listFailed}{" "}
          <button class="link" type="button" onClick={() => void person.load(user.id)}>
            {words.retryNow}
          </button>
        </p>
      )}
      {!isAsked && <p class="hint">{words.account.loading}</p>}
      {isAsked && <RestrictForm isAdmin={isAdmin} />}
      {isAdmin && known && (
        <>
          <hr class="rule" />
          <RoleForm now={known.user.role} name={known.user.nickname} />
        </>
      )}
    </Dialog>
  );
}

/** Mutes, for moderators; also bans, for admins. */
function RestrictForm({ isAdmin }: { isAdmin: boolean }) {
  const { moderation } = useOnDemand();
  const words = useDialogWords();
  const { moderation: said } = words;
  const [act, setAct] = useState<"mute" | "ban">("mute");
  const terms = TERMS_MS.map((ms) => ({ value: String(ms), label: words.span(ms) }));
  const form = moderation.restrict;
  return (
    <FormBox form={form} names={["act", "term", "reason", "remove"]} label={said[act]} grave>
      {isAdmin ? (
        <Choice
          name="act"
          label={said.act}
          chosen="mute"
          options={[
            { value: "mute", label: said.mute },
            { value: "ban", label: said.ban },
          ]}
          onChange={setAct}
        />
      ) : (
        <input type="hidden" name="act" value="mute" />
      )}
      <Choice
        key={act}
        name="term"
        label={said.term}
        chosen={String(TERMS_MS[0])}
        options={act === "ban" ? [...terms, { value: FOR_GOOD, label: said.forGood }] : terms}
      />
      <Field name="reason" problem={form.fields.value.reason} touched={form.touched} autocomplete="off" />
      <Check name="remove" label={said.removeToo} />
    </FormBox>
  );
}
