import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { Icon } from "../ui/icons.tsx";
import { MoreIcon } from "../ui/more-icons.tsx";

/** The same width as in the style sheets: from here on the panel is beside the conversation. */
const WIDE = "(width >= 64rem)";

/** Of the room's header: the people who are here, and the link of the room. */
export function RoomButtons() {
  const { chat, connection, dialogs, panel, rooms, roomTitle } = useApp();
  const { personActs } = useOnDemand();
  const words = useDialogWords();
  const room = chat.room.value;
  const { people } = room.counts.value;
  const isCounted = people > 0 && connection.socket.value.at === "live";
  if (room.state.value === "missing") return null;
  const label = isCounted ? `${words.peopleHere.title}: ${people}` : words.peopleHere.title;

  function open() {
    if (matchMedia(WIDE).matches) panel.toggle();
    else dialogs.show({ at: "people" });
  }

  return (
    <>
      <button
        class="icon-button people-open"
        type="button"
        aria-label={label}
        title={label}
        aria-expanded={matchMedia(WIDE).matches ? panel.isOpen.value : undefined}
        aria-haspopup={matchMedia(WIDE).matches ? undefined : "dialog"}
        onClick={open}
      >
        <Icon name="people" />
      </button>
      {rooms.roleIn(room.name) && !rooms.isLine(room.name) && (
        <button
          class="icon-button"
          type="button"
          aria-label={words.circle.members}
          title={words.circle.members}
          aria-haspopup="dialog"
          onClick={() => dialogs.show({ at: "members", room: room.name })}
        >
          <Icon name="lock" />
        </button>
      )}
      <button
        class="icon-button"
        type="button"
        aria-label={words.peopleHere.share}
        title={words.peopleHere.share}
        onClick={() => void personActs.share(roomTitle.value)}
      >
        <MoreIcon name="share" />
      </button>
    </>
  );
}
