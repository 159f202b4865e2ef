/**
 * What the person has written but not sent, per room; survives a reload of the tab, and being logged out by the cluster: whoever
 * comes back finds it again, and nobody else does.
 */
import { computed } from "@preact/signals";
import type { Kept } from "./kept.ts";

export type Drafts = ReturnType<typeof createDrafts>;

export function createDrafts(kept: Kept) {
  const list = kept.of("drafts");
  const byRoom = computed(() => new Map(list.value?.map(({ room, text }) => [room, text])));

  return {
    of: (room: string) => byRoom.value.get(room) ?? "",
    keep: (room: string, text: string) =>
      kept.change("drafts", (now = []) => {
        const others = now.filter((draft) => draft.room !== room);
        const all = text === "" ? others : [...others, { room, text }];
        return all.length > 0 ? all : undefined;
      }),
    /** Whether this user left a draft for the room, whoever looks. */
    isLeft: (userId: string, room: string) =>
      kept.ofOther("drafts", userId)?.some((draft) => draft.room === room) ?? false,
    /** Whoever wrote wants to leave nothing behind. */
    forget: (userId: string) => kept.forget("drafts", userId),
  };
}
