import { useState } from "preact/hooks";
import { FOR_GOOD, TERMS_MS } from "../state/moderation.ts";
import type { Author } from "../state/timeline.ts";
import { useApp, useWords } from "./app-context.ts";
import { Choice } from "./choice.tsx";
import { Dialog } from "./dialog.tsx";
import { Field } from "./field.tsx";
import { FormBox } from "./form-box.tsx";

const ROLES = ["user", "moderator", "admin"] as const;

/** What a moderator can do about somebody; an admin can also ban them and give them a role. */
export function PersonDialog({ user }: { user: Author }) {
  const { moderation, dialogs, session } = useApp();
  const words = useWords();
  const { moderation: said } = words;
  const isAdmin = session.user.value?.role === "admin";
  const [act, setAct] = useState<"mute" | "ban">("mute");
  const terms = TERMS_MS.map((ms) => ({ value: String(ms), label: words.span(ms) }));
  const form = moderation.restrict;
  return (
    <Dialog title={user.nickname} closed={() => dialogs.close("person")}>
      <FormBox form={form} names={["act", "term", "reason"]} label={said[act]} grave>
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
      </FormBox>
      <div class="also">
        <button class="button quiet" type="button" onClick={() => void moderation.liftMute()}>
          {said.liftMute}
        </button>
        {isAdmin && (
          <button class="button quiet" type="button" onClick={() => void moderation.liftBan()}>
            {said.liftBan}
          </button>
        )}
      </div>
      {isAdmin && (
        <fieldset class="also">
          <legend>{said.role}</legend>
          {ROLES.map((role) => (
            <button
              key={role}
              class="button quiet"
              type="button"
              onClick={() => void moderation.setRole(role)}
            >
              {said.roles[role]}
            </button>
          ))}
        </fieldset>
      )}
    </Dialog>
  );
}
