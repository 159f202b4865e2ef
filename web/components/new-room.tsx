import { useState } from "preact/hooks";
import { useApp, useWords } from "./app-context.ts";
import { Dialog } from "./dialog.tsx";
import { Field } from "./field.tsx";
import { FormBox } from "./form-box.tsx";
import { Icon } from "./icons.tsx";

/** @param made called after a room was made and opened. */
export function NewRoom({ made }: { made: () => void }) {
  const { forms, session, openAuth } = useApp();
  const words = useWords();
  const form = forms.newRoom;
  const [open, setOpen] = useState(false);

  return (
    <>
      <button
        class="room-link new-room"
        type="button"
        onClick={() => (session.user.value ? setOpen(true) : openAuth())}
      >
        <Icon name="plus" />
        {words.newRoom}
      </button>
      {open && (
        <Dialog title={words.newRoom} closed={() => setOpen(false)}>
          <FormBox
            form={form}
            names={["name", "title"]}
            label={words.createRoom}
            done={() => {
              setOpen(false);
              made();
            }}
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
      )}
    </>
  );
}
