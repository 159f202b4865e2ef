import { LOBBY } from "../../../shared/limits.ts";
import { SLOW_MODES_MS } from "../../state/moderation.ts";
import { isPrivateName } from "../../sync/urls.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { Choice } from "../ui/choice.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { FormBox } from "../ui/form-box.tsx";

/** A room's title and slow mode, for moderators. */
export function RoomSettingsDialog({ room }: { room: string }) {
  const { dialogs, rooms, session } = useApp();
  const { moderation } = useOnDemand();
  const words = useDialogWords();
  const form = moderation.changeRoom;
  const now = rooms.slowModeOf(room);
  const known = SLOW_MODES_MS.some((ms) => ms === now) ? SLOW_MODES_MS : [...SLOW_MODES_MS, now];
  return (
    <Dialog at="room-settings" title={words.moderation.roomSettings}>
      <FormBox form={form} names={["title", "slowModeMs"]} label={words.account.save}>
        {room === LOBBY ? (
          // The lobby has no title field, because every language has its own name for it.
          <input type="hidden" name="title" value={rooms.titleOf(room)} />
        ) : (
          <Field
            name="title"
            value={rooms.titleOf(room)}
            problem={form.fields.value.title}
            touched={form.touched}
            autocomplete="off"
          />
        )}
        <Choice
          name="slowModeMs"
          label={words.moderation.slowMode}
          chosen={String(now)}
          options={known.map((ms) => ({
            value: String(ms),
            label: ms === 0 ? words.moderation.slowOff : words.span(ms),
          }))}
        />
      </FormBox>
      {room !== LOBBY && !isPrivateName(room) && session.user.value?.role === "admin" && (
        <button
          class="button quiet wide room-close"
          type="button"
          onClick={() => dialogs.show({ at: "close-room", room })}
        >
          {words.closing.open}
        </button>
      )}
    </Dialog>
  );
}
