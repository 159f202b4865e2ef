import { useApp, useWords } from "../app-context.ts";
import { Slot } from "../slot.tsx";
import { Icon } from "../ui/icons.tsx";
import { ConnectionPill } from "./connection-pill.tsx";
import { SIDEBAR_ID } from "./sidebar.tsx";

export function RoomHeader() {
  const { chat, connection, rooms, roomTitle, route } = useApp();
  const words = useWords();
  const { people } = chat.room.value.counts.value;
  // No count without a connection, because it would be out of date.
  const isCounted = people > 0 && connection.socket.value.at === "live";
  const slowMs = rooms.slowModeOf(route.room.value);
  const slow = slowMs > 0 ? words.moderation.slowEvery(words.span(slowMs)) : undefined;
  return (
    <header class="room-header">
      <button
        class="icon-button sidebar-open"
        type="button"
        aria-label={words.openRooms}
        popoverTarget={SIDEBAR_ID}
      >
        <Icon name="menu" />
        <Slot part="UnreadTotal" with={{}} />
      </button>
      <div class="room-headline">
        <h1>
          <bdi translate={false}>{roomTitle.value}</bdi>
        </h1>
        <p class="room-count" translate={false} title={slow}>
          {[isCounted && words.people(people), slow].filter(Boolean).join(" · ") || "\u00a0"}
        </p>
      </div>
      <Slot part="RoomTools" with={{}} />
      <span class="room-buttons">
        <Slot part="RoomButtons" with={{}} />
      </span>
      <ConnectionPill />
      <Slot part="PinnedLine" with={{}} />
    </header>
  );
}
