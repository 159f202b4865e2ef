/** The open dialog, at most one, and its subject. */
import { computed, signal } from "@preact/signals";
import type { Author } from "../sync/replica.ts";

export type AuthTab = "logIn" | "signUp";

export type OpenDialog =
  | { at: "auth"; tab: AuthTab }
  | { at: "account" }
  | { at: "new-room" }
  | { at: "report"; room: string; seq: number; user: Author }
  | { at: "person"; user: Author }
  | { at: "room-settings"; room: string }
  | { at: "close-room"; room: string }
  | { at: "reports" };

export type Dialogs = ReturnType<typeof createDialogs>;

export function createDialogs() {
  const open = signal<OpenDialog | undefined>(undefined);

  return {
    open: computed(() => open.value),
    show(dialog: OpenDialog) {
      open.value = dialog;
    },
    /** @param at closes only this dialog. */
    close(at?: OpenDialog["at"]) {
      if (at === undefined || open.value?.at === at) open.value = undefined;
    },
  };
}
