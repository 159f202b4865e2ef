/** The rooms there are, with how many people are in each. Asked for while the list is looked at. */
import { computed, signal } from "@preact/signals";
import type { CreateRoomBody, RoomsAnswer } from "../../shared/http-api.ts";
import type { Api, ApiProblem } from "../api.ts";

export type ListedRoom = RoomsAnswer["rooms"][number];

export function createRoomList(api: Pick<Api, "rooms" | "createRoom">) {
  const rooms = signal<readonly ListedRoom[]>([]);
  const failed = signal(false);

  return {
    rooms: computed(() => rooms.value),
    failed: computed(() => failed.value),
    /** All rooms, and the one on screen even before it is listed, with the count that is known live. */
    shown(here: string, people: number): readonly ListedRoom[] {
      const known = rooms.value.some((room) => room.name === here);
      const all = known ? rooms.value : [...rooms.value, { name: here, title: here, people }];
      return all.map((room) => (room.name === here ? { ...room, people } : room));
    },
    titleOf: (name: string) => rooms.value.find((room) => room.name === name)?.title ?? name,
    refresh,
    create,
  };

  async function refresh(): Promise<void> {
    const answer = await api.rooms();
    failed.value = !answer.ok;
    if (answer.ok) rooms.value = answer.value.rooms;
  }

  async function create(body: CreateRoomBody): Promise<ApiProblem | undefined> {
    const answer = await api.createRoom(body);
    if (!answer.ok) return answer.problem;
    rooms.value = [...rooms.value, { ...answer.value.room, people: 0 }];
    return undefined;
  }
}
