/** All that a person can do about another one from their card, and about the link of a room. */
import { LOBBY } from "../../shared/limits.ts";
import { focusField } from "../page/message-field.ts";
import type { Author } from "../sync/replica.ts";
import { roomPath } from "../sync/urls.ts";
import type { App } from "./app.ts";

export function createPersonActs({ chat, composer, dialogs, ignored, toasts, route }: App, view: Window) {
  return {
    /** Puts the name into the message that is being written. */
    mention({ nickname }: Author) {
      const draft = composer.draft.value;
      const gap = draft === "" || /\s$/.test(draft) ? "" : " ";
      composer.change(`${draft}${gap}@${nickname} `);
      dialogs.close();
      focusField(view);
    },
    /** The seq of the newest message of this person that is in memory and not deleted, so that it can be reported. */
    newestOf: (user: Author): number | undefined =>
      chat.room.value.log.value.events.findLast(
        (event) => event.type === "message" && !event.deleted && event.user.id === user.id,
      )?.seq,
    report: (user: Author, seq: number) =>
      dialogs.show({ at: "report", room: chat.room.value.name, seq, user }),
    ignore(user: Author) {
      dialogs.close();
      ignored.add(user);
      toasts.show({ about: "ignored", nickname: user.nickname });
    },
    seeAgain({ id }: Author) {
      dialogs.close();
      ignored.remove(id);
    },
    /** Passes on the link of the room on screen: by the phone's own list of ways, or by the clipboard. */
    async share(title: string): Promise<void> {
      const url = view.location.origin + roomPath(route.room.value || LOBBY);
      const { navigator } = view;
      const isPhone = view.matchMedia("(pointer: coarse)").matches;
      if (isPhone && "share" in navigator) {
        // The person may close the list, which is no failure.
        await navigator.share({ title, url }).catch(() => undefined);
        return;
      }
      const isCopied = await copy(view, url);
      toasts.show({ about: isCopied ? "copied" : "not-copied" });
    },
  };
}

/** Without TLS only pages on the own machine have a clipboard; elsewhere the older way still works. @returns whether it was copied. */
async function copy({ navigator, document }: Window, text: string): Promise<boolean> {
  if ("clipboard" in navigator) {
    return await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }
  const field = Object.assign(document.createElement("textarea"), { value: text });
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  return isCopied;
}
