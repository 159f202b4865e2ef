import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { SearchButton } from "../search/search-button.tsx";
import { Icon } from "../ui/icons.tsx";
import { MoreIcon } from "../ui/more-icons.tsx";

/** Of the room's header: the people who are here, the search, and the menu of the room; for a guest its link alone. */
export function RoomButtons() {
  const { chat, connection, dialogs, panel, rooms } = useApp();
  const { searchPlace } = useOnDemand();
  const words = useDialogWords();
  const room = chat.room.value;
  const { people } = room.counts.value;
  const isCounted = people > 0 && connection.socket.value.at === "live";
  if (room.state.value === "missing") return null;
  const label = isCounted ? `${words.peopleHere.title}: ${people}` : words.peopleHere.title;

  const isWide = searchPlace.isWide();
  const isSearching = searchPlace.isOpen.value;

  return (
    <>
      <button
        class="icon-button people-open"
        type="button"
        aria-label={label}
        title={label}
        aria-expanded={isWide ? panel.isOpen.value && !isSearching : undefined}
        aria-haspopup={isWide ? undefined : "dialog"}
        onClick={searchPlace.togglePeople}
      >
        <Icon name="people" />
      </button>
      <SearchButton />
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
      <MenuButton room={room.name} />
    </>
  );
}

/** A guest has nothing to choose. */
function MenuButton({ room }: { room: string }) {
  const { dialogs, roomTitle, session } = useApp();
  const { levels, personActs } = useOnDemand();
  const words = useDialogWords();
  const { roomMenu, silent } = words.notifications;
  const isGuest = session.user.value === undefined;
  const isSilent = !isGuest && levels.of(room) === "none";
  const label = isGuest ? words.peopleHere.share : isSilent ? `${roomMenu} · ${silent}` : roomMenu;
  return (
    <button
      class={isGuest || isSilent ? "icon-button" : "icon-button menu-open"}
      type="button"
      aria-label={label}
      title={label}
      aria-haspopup={isGuest ? undefined : "dialog"}
      onClick={() => (isGuest ? void personActs.share(roomTitle.value) : dialogs.show({ at: "room-menu" }))}
    >
      {isGuest || isSilent ? <MoreIcon name={isGuest ? "share" : "silent"} /> : <Icon name="more" />}
    </button>
  );
}
