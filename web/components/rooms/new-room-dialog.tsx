import { useState } from "preact/hooks";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { Choice } from "../ui/choice.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { FormBox } from "../ui/form-box.tsx";

/** The form that makes a room, for everybody or for those who are invited. */
export function NewRoomDialog() {
  const words = useDialogWords();
  const [kind, setKind] = useState<"public" | "private">("public");
  return (
    <Dialog at="new-room" title={words.newRoom}>
      <Choice
        name="kind"
        label={words.circle.kinds}
        chosen="public"
        options={[
          { value: "public", label: words.circle.kind.public },
          { value: "private", label: words.circle.kind.private },
        ]}
        onChange={setKind}
      />
      {kind === "private" ? <PrivateRoom /> : <PublicRoom />}
    </Dialog>
  );
}

function PublicRoom() {
  const { dialogs } = useApp();
  const { newRoom: form } = useOnDemand().forms;
  const words = useDialogWords();
  return (
    <FormBox
      form={form}
      names={["name", "title"]}
      label={words.createRoom}
      done={() => dialogs.close("new-room")}
    >
      <Field
        name="title"
        hinted
        problem={form.fields.value.title}
        touched={form.touched}
        autocomplete="off"
        first
      />
      <Field name="name" hinted problem={form.fields.value.name} touched={form.touched} autocomplete="off" />
    </FormBox>
  );
}

function PrivateRoom() {
  const { dialogs } = useApp();
  const { newRoom: form } = useOnDemand().circles;
  const words = useDialogWords();
  return (
    <FormBox form={form} names={["title"]} label={words.createRoom} done={() => dialogs.close("new-room")}>
      <p class="hint">{words.circle.privateHint}</p>
      <Field
        name="title"
        hinted
        problem={form.fields.value.title}
        touched={form.touched}
        autocomplete="off"
        first
      />
    </FormBox>
  );
}
