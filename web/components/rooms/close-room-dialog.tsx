import { useState } from "preact/hooks";
import type { ClosedHistory } from "../../../shared/http-api.ts";
import { isolated } from "../../words/sentences.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { Choice } from "../ui/choice.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { FormBox } from "../ui/form-box.tsx";

const HISTORIES: readonly ClosedHistory[] = ["shown", "hidden", "deleted"];

/** Closes a room: for admins. A deletion needs the room's address to be typed, because it cannot be undone. */
export function CloseRoomDialog({ room }: { room: string }) {
  const { rooms } = useApp();
  const { moderation } = useOnDemand();
  const words = useDialogWords().closing;
  const [history, setHistory] = useState<ClosedHistory>("shown");
  const form = moderation.closeRoom;
  const isFinal = history === "deleted";
  return (
    <Dialog at="close-room" title={words.title(isolated(rooms.titleOf(room)))}>
      <FormBox
        form={form}
        names={isFinal ? ["history", "name"] : ["history"]}
        label={words.acts[history]}
        grave
      >
        <p class="hint">{words.everybodyLeaves}</p>
        <Choice
          name="history"
          label={words.history}
          chosen="shown"
          options={HISTORIES.map((value) => ({ value, label: words.choices[value] }))}
          onChange={setHistory}
        />
        <p class={isFinal ? "hint wrong" : "hint"} role="status">
          {words.meaning[history]}
        </p>
        {isFinal && (
          <>
            <p class="hint">{words.writeAddress(room)}</p>
            <Field
              name="name"
              problem={form.fields.value.name}
              touched={form.touched}
              autocomplete="off"
              first
            />
          </>
        )}
      </FormBox>
    </Dialog>
  );
}
