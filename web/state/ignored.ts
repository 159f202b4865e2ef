/** People whose words this person does not want to see: in their own view only, kept for the browser. */
import { computed, signal } from "@preact/signals";
import type { RoomEvent } from "../../shared/server-frames.ts";
import type { Store } from "./storage.ts";
import type { Author } from "./timeline.ts";

const KEY = "ignored";

const isPeople = (value: unknown): value is Author[] =>
  Array.isArray(value) &&
  value.every((each) => typeof each?.id === "string" && typeof each.nickname === "string");

export function createIgnored(store: Store) {
  const people = signal<readonly Author[]>(store.read(KEY, isPeople) ?? []);
  const ids = computed(() => new Set(people.value.map((each) => each.id)));

  return {
    people: computed(() => people.value),
    /** The events without what ignored people chose to show: their words, and their names in what concerns the room. */
    leftOf: (events: readonly RoomEvent[]) =>
      ids.value.size === 0 ? events : events.flatMap((event) => left(event) ?? []),
    has: (id: string) => ids.value.has(id),
    add: ({ id, nickname }: Author) => change([...without(id), { id, nickname }]),
    remove: (id: string) => change(without(id)),
  };

  function left(event: RoomEvent): RoomEvent | undefined {
    if (event.type === "deleted" || !event.user || !ids.value.has(event.user.id)) return event;
    if (event.type === "message" || event.code === "renamed") return undefined;
    const { user: _, before: __, ...others } = event;
    return others;
  }

  function without(id: string) {
    return people.value.filter((each) => each.id !== id);
  }

  function change(next: readonly Author[]) {
    people.value = next;
    store.write(KEY, next.length > 0 ? next : undefined);
  }
}
