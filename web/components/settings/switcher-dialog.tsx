import { useEffect, useId, useState } from "preact/hooks";
import type { ListedRoom } from "../../../shared/http-api.ts";
import { LOBBY } from "../../../shared/limits.ts";
import { focusField } from "../../page/message-field.ts";
import { type Destination, placesFor } from "../../state/places.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { MoreIcon } from "../ui/more-icons.tsx";

/** An input method's Enter both ends the syllable and chooses, as when a message is sent. */
const HANGUL_AT_END = /\p{Script=Hangul}$/u;
/** The server is asked when typing rests for so long. */
const REST_MS = 200;

/** Goes to a room or a person by a few letters. */
export function Switcher() {
  const words = useDialogWords();
  const { keys: said } = words;
  const id = useId();
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const places = usePlaces(typed);
  const go = useGo();
  const chosen = places[Math.min(at, places.length - 1)];

  function pressed(event: KeyboardEvent) {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && places.length > 0) {
      event.preventDefault();
      setAt((now) => (Math.min(now, places.length - 1) + step + places.length) % places.length);
    }
    if (event.key !== "Enter" || (event.isComposing && !HANGUL_AT_END.test(typed))) return;
    event.preventDefault();
    if (chosen) go(chosen);
  }

  return (
    <Dialog at="switcher" title={said.lines.switcher}>
      <input
        class="input"
        type="text"
        role="combobox"
        autofocus
        autocomplete="off"
        maxLength={60}
        aria-label={said.where}
        placeholder={said.where}
        aria-expanded="true"
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={chosen && `${id} ${chosen.key}`.replaceAll(" ", "-")}
        onInput={({ currentTarget }) => {
          setTyped(currentTarget.value);
          setAt(0);
        }}
        onKeyDown={pressed}
      />
      <div class="places" role="listbox" id={id} aria-label={said.lines.switcher} tabIndex={-1}>
        {places.map((place) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
          <div
            key={place.key}
            class="place"
            id={`${id} ${place.key}`.replaceAll(" ", "-")}
            role="option"
            tabIndex={-1}
            aria-selected={place === chosen}
            onClick={() => go(place)}
          >
            <Place place={place} />
          </div>
        ))}
      </div>
      <p class="hint" role="status">
        {places.length === 0 && said.nothingFound}
      </p>
    </Dialog>
  );
}

function Place({ place }: { place: Destination }) {
  const words = useDialogWords();
  if ("person" in place) {
    return (
      <>
        <Avatar user={place.person} />
        <bdi translate={false}>{place.person.nickname}</bdi>
      </>
    );
  }
  return (
    <>
      <MoreIcon name="room" />
      <bdi translate={false}>{place.room.name === LOBBY ? words.lobby : place.room.title}</bdi>
    </>
  );
}

/** @returns where the person may go: rooms on the list, rooms that the server finds, people here and recent authors. */
function usePlaces(typed: string): readonly Destination[] {
  const { rooms, route, chat, platform } = useApp();
  const { people } = useOnDemand();
  const words = useDialogWords();
  const [found, setFound] = useState<readonly ListedRoom[]>([]);
  useEffect(people.watch, []);
  useEffect(() => {
    if (typed.trim() === "") return;
    let isOver = false;
    const cancel = platform.clock.after(REST_MS, async () => {
      const answer = await platform.api.rooms({ query: typed.trim() });
      if (!isOver && answer.ok) setFound(answer.value.rooms);
    });
    return () => {
      isOver = true;
      cancel();
    };
  }, [typed]);
  const authors = chat.room.value.log
    .peek()
    .events.flatMap((event) => (event.type === "message" ? [event.user] : []));
  return placesFor(
    typed,
    [...rooms.own(route.room.value, 0), ...rooms.others.value, ...found],
    [...authors, ...(people.everybody.value ?? [])],
    (room) => (room.name === LOBBY ? words.lobby : room.title),
  );
}

function useGo() {
  const { dialogs, route } = useApp();
  return (place: Destination) => {
    if ("person" in place) return dialogs.show({ at: "card", user: place.person });
    dialogs.close();
    route.go(place.room.name);
    focusField(window);
  };
}
