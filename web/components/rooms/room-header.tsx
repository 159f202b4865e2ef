import { useApp, useWords } from "../app-context.ts";
import { Slot } from "../slot.tsx";
import { Icon } from "../ui/icons.tsx";
import { ConnectionPill } from "./connection-pill.tsx";
import { SIDEBAR_ID } from "./sidebar.tsx";

export function RoomHeader() {
  const { chat, connection, dialogs, rooms, roomTitle, route, session, openAuth } = useApp();
  const words = useWords();
  const { people } = chat.room.value.counts.value;
  // No count without a connection, because it would be out of date.
  const isCounted = people > 0 && connection.socket.value.at === "live";
  const slowMs = rooms.slowModeOf(route.room.value);
  const slow = slowMs > 0 ? words.moderation.slowEvery(words.span(slowMs)) : undefined;
  const role = session.user.value?.role ?? "user";
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
      {role !== "user" && (
        <>
          <button
            class="icon-button"
            type="button"
            aria-label={words.moderation.reports}
            title={words.moderation.reports}
            onClick={() => dialogs.show({ at: "reports" })}
          >
            <Icon name="flag" />
          </button>
          {chat.room.value.state.value !== "missing" && (
            <button
              class="icon-button"
              type="button"
              aria-label={words.moderation.roomSettings}
              title={words.moderation.roomSettings}
              onClick={() => dialogs.show({ at: "room-settings", room: route.room.value })}
            >
              <Icon name="settings" />
            </button>
          )}
        </>
      )}
      <ConnectionPill />
      {session.state.value.at === "guest" && connection.status.value !== "refused" && (
        <button class="button primary header-log-in" type="button" onClick={openAuth}>
          {words.logIn}
        </button>
      )}
    </header>
  );
}
