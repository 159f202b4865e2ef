import type { ListedRoom } from "../../../shared/http-api.ts";
import { LOBBY } from "../../../shared/limits.ts";
import { roomPath } from "../../sync/urls.ts";
import { useApp, useWords } from "../app-context.ts";
import { Slot } from "../slot.tsx";
import { Icon } from "../ui/icons.tsx";

/** A room in the list, with a lock if only its members see it. */
export function RoomItem({
  room: { name, title, people, kind },
  chosen,
}: {
  room: ListedRoom;
  chosen: () => void;
}) {
  const { rooms, route } = useApp();
  const words = useWords();
  const isHere = name === route.room.value;
  const shown = name === LOBBY ? words.lobby : title;
  return (
    <li class="room-item">
      <a
        class="room-link"
        href={roomPath(name)}
        aria-current={isHere ? "page" : undefined}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          route.go(name);
          chosen();
        }}
      >
        <bdi class="room-title" translate={false}>
          {shown}
        </bdi>
        {kind === "private" && (
          <span class="room-people" role="img" aria-label={words.circle.private} title={words.circle.private}>
            <Icon name="lock" />
          </span>
        )}
        <Slot part="UnreadMark" with={{ room: name }} />
        {people > 0 && (
          <span class="room-people" translate={false} title={words.people(people)}>
            <Icon name="people" />
            {people}
          </span>
        )}
      </a>
      {!isHere && rooms.mayForget(name) && (
        <button
          class="icon-button room-forget"
          type="button"
          aria-label={words.forgetRoom(shown)}
          title={words.forgetRoom(shown)}
          onClick={() => rooms.forget(name)}
        >
          <Icon name="close" />
        </button>
      )}
    </li>
  );
}
