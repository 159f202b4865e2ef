/** Finds where a person may want to go: rooms by title or address, and people by name. Pure. */
import type { ListedRoom } from "../../shared/http-api.ts";
import type { Author } from "../sync/replica.ts";
import { matching } from "./name-match.ts";

export type Destination = { key: string; room: ListedRoom } | { key: string; person: Author };

/** Of each kind. */
const MAX_SHOWN = 8;

/** @returns rooms before people, the best match of each first, and each once. */
export function placesFor(
  typed: string,
  rooms: readonly ListedRoom[],
  people: readonly Author[],
  titleOf: (room: ListedRoom) => string,
): readonly Destination[] {
  const byName = new Map(rooms.map((room) => [room.name, room]));
  const byId = new Map(people.filter(({ id }) => id !== "").map((person) => [person.id, person]));
  const found = matching([...byName.values()], (room) => `${titleOf(room)} ${room.name}`, typed);
  const named = matching([...byId.values()], ({ nickname }) => nickname, typed);
  return [
    ...found.slice(0, MAX_SHOWN).map((room) => ({ key: `room ${room.name}`, room })),
    ...named.slice(0, MAX_SHOWN).map((person) => ({ key: `person ${person.id}`, person })),
  ];
}
