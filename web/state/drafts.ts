/**
 * Unsent text, per room. Survives a reload of the tab and a log-out by the cluster: the same user finds it again, and nobody else
 * does.
 */
import { computed } from "@preact/signals";
import type { Author } from "../sync/replica.ts";
import type { Kept } from "./kept.ts";

export type Drafts = ReturnType<typeof createDrafts>;

const NOBODY: readonly Author[] = [];

export function createDrafts(kept: Kept) {
  const list = kept.of("drafts");
  const byRoom = computed(() => new Map(list.value?.map((draft) => [draft.room, draft])));

  return {
    of: (room: string) => byRoom.value.get(room)?.text ?? "",
    /** The people whom the draft mentions. */
    peopleOf: (room: string): readonly Author[] => byRoom.value.get(room)?.people ?? NOBODY,
    keep: (room: string, text: string, people: readonly Author[] = NOBODY) =>
      kept.change("drafts", (now = []) => {
        const others = now.filter((draft) => draft.room !== room);
        const draft = people.length > 0 ? { room, text, people } : { room, text };
        const all = text === "" ? others : [...others, draft];
        return all.length > 0 ? all : undefined;
      }),
    /** Whether this user left a draft for the room, even if another user is logged in. */
    isLeft: (userId: string, room: string) =>
      kept.ofOther("drafts", userId)?.some((draft) => draft.room === room) ?? false,
    /** The user logged out on purpose, and leaves nothing behind. */
    forget: (userId: string) => kept.forget("drafts", userId),
  };
}
