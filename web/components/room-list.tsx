import { LOBBY } from "../../shared/limits.ts";
import { roomPath } from "../urls.ts";
import { useApp, useWords } from "./app-context.ts";
import { Icon } from "./icons.tsx";

/** @param chosen called after a room was chosen, so that a phone can put the list away. */
export function RoomList({ chosen }: { chosen: () => void }) {
  const { rooms, route, chat } = useApp();
  const words = useWords();
  const here = route.room.value;
  const peopleHere = chat.room.value.counts.value.people;
  return (
    <>
      <h2 class="sidebar-title">{words.rooms}</h2>
      {rooms.failed.value && <p class="hint">{words.roomsFailed}</p>}
      <ul class="room-list">
        {rooms.shown(here, peopleHere).map(({ name, title, people }) => (
          <li key={name}>
            <a
              class="room-link"
              href={roomPath(name)}
              aria-current={name === here ? "page" : undefined}
              onClick={(event) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                event.preventDefault();
                route.go(name);
                chosen();
              }}
            >
              <bdi class="room-title">{name === LOBBY ? words.lobby : title}</bdi>
              {people > 0 && (
                <span class="room-people" title={words.people(people)}>
                  <Icon name="people" />
                  {people}
                </span>
              )}
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
