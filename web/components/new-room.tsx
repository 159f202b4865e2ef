import { useRef, useState } from "preact/hooks";
import { useApp, useWords } from "./app-context.ts";
import { Dialog } from "./dialog.tsx";
import { Field } from "./field.tsx";
import { FormEnd } from "./form-end.tsx";
import { formValues } from "./form-values.ts";
import { Icon } from "./icons.tsx";

/** @param made called after a room was made and opened. */
export function NewRoom({ made }: { made: () => void }) {
  const { forms, session, openAuth } = useApp();
  const words = useWords();
  const form = forms.newRoom;
  const [open, setOpen] = useState(false);
  const element = useRef<HTMLFormElement>(null);

  async function submit() {
    if (!(await form.submit(formValues(element.current, ["name", "title"])))) return;
    setOpen(false);
    made();
  }

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
          <form
            ref={element}
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              void submit();
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
            <FormEnd form={form} label={words.createRoom} />
          </form>
        </Dialog>
      )}
    </>
  );
}
