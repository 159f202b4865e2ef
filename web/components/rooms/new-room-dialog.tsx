import { useApp, useWords } from "../app-context.ts";
import { useOnDemand } from "../on-demand-context.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { FormBox } from "../ui/form-box.tsx";

/** The form that makes a room. */
export function NewRoomDialog() {
  const { dialogs } = useApp();
  const { forms } = useOnDemand();
  const words = useWords();
  const form = forms.newRoom;
  return (
    <Dialog at="new-room" title={words.newRoom}>
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
        <Field
          name="name"
          hinted
          problem={form.fields.value.name}
          touched={form.touched}
          autocomplete="off"
        />
      </FormBox>
    </Dialog>
  );
}
