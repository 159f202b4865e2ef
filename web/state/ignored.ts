/** The people that this person ignores. Affects their own view only. */
import { computed } from "@preact/signals";
import type { RoomEvent } from "../../shared/server-frames.ts";
import type { Author } from "../sync/replica.ts";
import type { Kept } from "./kept.ts";

export type Ignored = ReturnType<typeof createIgnored>;

export function createIgnored(kept: Kept) {
  const list = kept.of("ignored");
  const people = computed<readonly Author[]>(() => list.value ?? []);
  const ids = computed(() => new Set(people.value.map((each) => each.id)));

  return {
    people,
    /** The events without the messages of ignored people, and without their names in notices. */
    leftOf: (events: readonly RoomEvent[]) =>
      ids.value.size === 0 ? events : events.flatMap((event) => left(event) ?? []),
    has: (id: string) => ids.value.has(id),
    add: ({ id, nickname }: Author) =>
      kept.change("ignored", (now) => [...without(id, now), { id, nickname }]),
    remove: (id: string) =>
      kept.change("ignored", (now) => {
        const others = without(id, now);
        return others.length > 0 ? others : undefined;
      }),
  };

  function left(event: RoomEvent): RoomEvent | undefined {
    if (event.type !== "message" && event.type !== "notice") return event;
    if (!event.user || !ids.value.has(event.user.id)) return event;
    if (event.type === "message" || event.code === "renamed") return undefined;
    const { user: _, before: __, ...others } = event;
    return others;
  }
}

const without = (id: string, people: readonly Author[] = []) => people.filter((each) => each.id !== id);
