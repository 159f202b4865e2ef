/** The open dialog, at most one, and its subject. */
import { computed, signal } from "@preact/signals";
import type { Role } from "../../shared/server-frames.ts";
import type { Author } from "../sync/replica.ts";

export type AuthTab = "logIn" | "signUp";

export type OpenDialog =
  /** `toSend`: the room in which a guest pressed send, which opened the dialog. */
  | { at: "auth"; tab: AuthTab; toSend?: string }
  | { at: "account" }
  | { at: "new-room" }
  | { at: "members"; room: string }
  | { at: "invitation" }
  | { at: "report"; room: string; seq: number; user: Author }
  | { at: "person"; user: Author }
  | { at: "room-settings"; room: string }
  | { at: "close-room"; room: string }
  | { at: "room-menu" }
  | { at: "mentions" }
  | { at: "reports" }
  | { at: "people" }
  | { at: "search" }
  | { at: "settings" }
  | { at: "keys" }
  | { at: "switcher" }
  | EmojiPick
  /** The people who reacted to a message of the room on screen. */
  | { at: "reactions"; seq: number }
  | PersonCard;

/** An emoji is to be picked. `near`: where on the screen. */
export type EmojiPick = {
  at: "emoji";
  near: { left: number; top: number; bottom: number };
  onPick: (emoji: string) => void;
};

/** A person whose name was chosen. `seq`: the message that it stood at; `near`: where on the screen. */
export type PersonCard = {
  at: "card";
  user: Author;
  role?: Role | undefined;
  seq?: number | undefined;
  near?: { left: number; top: number; bottom: number };
};

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
