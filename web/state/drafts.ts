/**
 * Unsent text, per room. Survives a reload of the tab and a log-out by the cluster: the same user finds it again, and nobody else
 * does.
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
    /** Whether this user left a draft for the room, even if another user is logged in. */
    isLeft: (userId: string, room: string) =>
      kept.ofOther("drafts", userId)?.some((draft) => draft.room === room) ?? false,
    /** The user logged out on purpose, and leaves nothing behind. */
    forget: (userId: string) => kept.forget("drafts", userId),
  };
}
