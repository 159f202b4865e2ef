/** All that a person can do about another one from their card, and about the link of a room. */
import { LOBBY } from "../../shared/limits.ts";
import { focusField } from "../page/message-field.ts";
import type { Author } from "../sync/replica.ts";
import { roomPath } from "../sync/urls.ts";
import type { App } from "./app.ts";
import type { Links } from "./links.ts";

export function createPersonActs(
  { chat, composer, dialogs, ignored, toasts, route }: App,
  { view, links }: { view: Window; links: Links },
) {
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
    /** Passes on the link of the room on screen. */
    share: (title: string) => links.share(title, view.location.origin + roomPath(route.room.value || LOBBY)),
  };
}
