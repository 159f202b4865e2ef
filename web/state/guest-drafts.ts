/**
 * The text that a guest typed in this tab becomes the draft of the user who signs up or logs in there. If the guest had pressed send, and so opened
 * the door, it is sent as soon as the user may write.
 */
import { effect, untracked } from "@preact/signals";
import { focusField } from "../page/message-field.ts";
import { GUEST } from "../sync/storage.ts";
import type { App } from "./app.ts";

export function followGuests({ session, dialogs, chat, composer, route, platform: { kept, view } }: App) {
  /** Whether the dialog to come in is open, or was until there was a user. */
  let isAtDoor = false;
  /** The room of the message that waits for its author to come in. */
  let toSend: string | undefined;

  effect(() => {
    const open = dialogs.open.value;
    const user = session.user.value?.id;
    if (user !== undefined) return untracked(takeOver);
    isAtDoor = open?.at === "auth";
    // Closed without an account, the dialog leaves the text in the field.
    toSend = open?.at === "auth" ? open.toSend : undefined;
  });

  effect(() => {
    const user = session.user.value?.id;
    if (user !== undefined && chat.welcomed.value === user) untracked(send);
  });

  function takeOver() {
    const typed = kept.ofOther("drafts", GUEST);
    if (typed) {
      kept.forget("drafts", GUEST);
      kept.change("drafts", (now = []) => {
        const others = now.filter(({ room }) => !typed.some((draft) => draft.room === room));
        return [...others, ...typed];
      });
    }
    if (isAtDoor) focusField(view);
    isAtDoor = false;
  }

  function send() {
    if (toSend !== undefined && toSend === route.room.value) composer.say();
    toSend = undefined;
  }
}
