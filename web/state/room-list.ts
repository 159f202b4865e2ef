/** The rooms there are, with how many people are in each. Asked for while the list is looked at. */
import { computed, signal } from "@preact/signals";
import type { ChangeRoomBody, CreateRoomBody, RoomAnswer, RoomsAnswer } from "../../shared/http-api.ts";
import type { Answer, Api, ApiProblem } from "../api.ts";

export type ListedRoom = RoomsAnswer["rooms"][number];

export function createRoomList(api: Pick<Api, "rooms" | "createRoom" | "changeRoom">) {
  const rooms = signal<readonly ListedRoom[]>([]);
  const failed = signal(false);

  return {
    rooms: computed(() => rooms.value),
    failed: computed(() => failed.value),
    /** All rooms, and the one on screen even before it is listed, with the count that is known live. */
    shown(here: string, people: number): readonly ListedRoom[] {
      const known = rooms.value.some((room) => room.name === here);
      const all = known ? rooms.value : [...rooms.value, { name: here, title: here, slowModeMs: 0, people }];
      return all.map((room) => (room.name === here ? { ...room, people } : room));
    },
    titleOf: (name: string) => rooms.value.find((room) => room.name === name)?.title ?? name,
    /** How long everybody waits between two messages there, ms; 0 when they need not. */
    slowModeOf: (name: string) => rooms.value.find((room) => room.name === name)?.slowModeMs ?? 0,
    refresh,
    create,
    change,
    /** The room said so itself. */
    slowed: (name: string, slowModeMs: number) => put(name, { slowModeMs }),
  };

  function put(name: string, changed: Partial<ListedRoom>) {
    rooms.value = rooms.value.map((room) => (room.name === name ? { ...room, ...changed } : room));
  }

  async function change(name: string, body: ChangeRoomBody): Promise<Answer<RoomAnswer>> {
    const answer = await api.changeRoom(name, body);
    if (answer.ok) put(name, answer.value.room);
    return answer;
  }

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
