import type { ListedRoom } from "../../../shared/http-api.ts";
import { useApp, useWords } from "../app-context.ts";
import { Slot } from "../slot.tsx";
import { RoomItem } from "./room-item.tsx";

/**
 * The person's own rooms and then the busiest, or the result of a search.
 * @param chosen called after a room was chosen, so that a phone can hide the list.
 */
export function RoomList({ chosen }: { chosen: () => void }) {
  const { rooms } = useApp();
  const words = useWords();
  return (
    <>
      <h2 class="sidebar-title">{words.rooms}</h2>
      <Slot part="Mentions" with={{}} />
      <Slot part="ReadAll" with={{}} />
      <input
        class="input room-search"
        type="search"
        aria-label={words.searchRooms}
        placeholder={words.searchRooms}
        value={rooms.query.value}
        maxLength={60}
        onInput={(event) => rooms.search(event.currentTarget.value)}
      />
      {rooms.failed.value && <p class="hint">{words.roomsFailed}</p>}
      {rooms.query.value === "" ? <AllRooms chosen={chosen} /> : <FoundRooms chosen={chosen} />}
    </>
  );
}

function AllRooms({ chosen }: { chosen: () => void }) {
  const { rooms, route, chat } = useApp();
  const words = useWords();
  const others = rooms.others.value;
  const mine = rooms.own(route.room.value, chat.room.value.counts.value.people);
  const lines = mine.filter(({ kind }) => kind === "direct");
  return (
    <>
      <Rooms rooms={mine.filter(({ kind }) => kind !== "direct")} chosen={chosen} />
      {lines.length > 0 && <h3 class="sidebar-title">{words.circle.lines}</h3>}
      <Rooms rooms={lines} chosen={chosen} />
      {others.length > 0 && <h3 class="sidebar-title">{words.otherRooms}</h3>}
      <Rooms rooms={others} chosen={chosen} />
      {rooms.hasMore.value && <More />}
    </>
  );
}

function FoundRooms({ chosen }: { chosen: () => void }) {
  const { rooms } = useApp();
  const words = useWords();
  const found = rooms.found.value;
  return (
    <>
      <p class="hint" role="status">
        {found && (found.length === 0 ? words.noRoomFound : "")}
      </p>
      <Rooms rooms={found ?? []} chosen={chosen} />
      {rooms.foundMore.value && <More />}
    </>
  );
}

function More() {
  const { rooms } = useApp();
  const words = useWords();
  return (
    <button class="link room-more" type="button" onClick={() => void rooms.more()}>
      {words.moreRooms}
    </button>
  );
}

function Rooms({ rooms, chosen }: { rooms: readonly ListedRoom[]; chosen: () => void }) {
  return (
    <ul class="room-list">
      {rooms.map((room) => (
        <RoomItem key={room.name} room={room} chosen={chosen} />
      ))}
    </ul>
  );
}
