import type { RoomLevel } from "../../../shared/push-api.ts";
import { isPrivateName } from "../../sync/urls.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { Choice } from "../ui/choice.tsx";
import { Dialog } from "../ui/dialog.tsx";

const LEVELS: readonly RoomLevel[] = ["all", "mentions", "none"];

/**
 * How much of the room on screen the person hears, and its link. A choice holds at once, on all devices. For moderators also the
 * way to the room's settings, because the header of a phone has no place for its button.
 */
export function RoomMenu() {
  const { chat, dialogs, roomTitle, session } = useApp();
  const { levels, personActs } = useOnDemand();
  const words = useDialogWords();
  const { notifications: said } = words;
  const { name } = chat.room.value;
  const isModerator = (session.user.value?.role ?? "user") !== "user";
  return (
    <Dialog at="room-menu" title={said.roomMenu} look="sheet">
      <Choice
        name="level"
        label={said.level}
        chosen={levels.of(name)}
        options={LEVELS.map((value) => ({ value, label: said.levels[value] }))}
        onChange={(level) => void levels.choose(name, level)}
      />
      <button
        class="button quiet"
        type="button"
        onClick={() => {
          dialogs.close();
          void personActs.share(roomTitle.value);
        }}
      >
        {words.peopleHere.share}
      </button>
      {isModerator && !isPrivateName(name) && (
        <button
          class="button quiet"
          type="button"
          onClick={() => dialogs.show({ at: "room-settings", room: name })}
        >
          {words.moderation.roomSettings}
        </button>
      )}
    </Dialog>
  );
}
