import { useApp, useWords } from "../app-context.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { FormBox } from "../ui/form-box.tsx";
import { Icon } from "../ui/icons.tsx";

/** @param chosen called before another screen opens. */
export function NewRoom({ chosen }: { chosen: () => void }) {
  const { dialogs, session, openAuth } = useApp();
  const words = useWords();
  return (
    <button
      class="room-link new-room"
      type="button"
      onClick={() => {
        chosen();
        if (session.user.value) dialogs.show({ at: "new-room" });
        else openAuth();
      }}
    >
      <Icon name="plus" />
      {words.newRoom}
    </button>
  );
}

export function NewRoomDialog() {
  const { dialogs, forms } = useApp();
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
