/** The state of everything that is not in the page's first script. Built once, when that script has come. */
import { openKeptDatabase } from "../offline/kept-database.ts";
import { createKnownRooms } from "../offline/known-rooms.ts";
import { SITE } from "../sync/urls.ts";
import { createAccount } from "./account.ts";
import type { App } from "./app.ts";
import { createForms } from "./forms.ts";
import { createJumps } from "./jumps.ts";
import { createModeration } from "./moderation.ts";
import { createOffline } from "./offline.ts";
import { createPeople } from "./people.ts";
import { createPersonActs } from "./person-acts.ts";
import { createQuotes } from "./quotes.ts";
import { createUnread } from "./unread.ts";

export type OnDemand = ReturnType<typeof createOnDemand>;

export function createOnDemand(app: App) {
  const { clock, api, serverNow, view } = app.platform;
  const { session, rooms, dialogs, toasts, route, chat } = app;
  const deps = { clock, api, session, rooms, dialogs, notify: toasts.show, serverNow };
  const account = createAccount(deps);
  const moderation = createModeration(deps);
  const unread = createUnread(app);
  const known = createKnownRooms(openKeptDatabase(SITE), clock.now);
  const jumps = createJumps({ api, clock, chat, route, notify: toasts.show });
  const quotes = createQuotes({ api, clock, room: chat.room });
  app.whenUserLeaves(() => {
    jumps.clear();
    quotes.clear();
    app.composer.replyTo(undefined);
    account.clear();
    moderation.clear();
    unread.clear();
  });
  return {
    account,
    moderation,
    jumps,
    quotes,
    unread,
    forms: createForms({ clock, session, rooms, route, chat }),
    offline: createOffline({ ...app, known, clock }),
    people: createPeople({ clock, api, chat, isVisible: () => view.document.visibilityState === "visible" }),
    personActs: createPersonActs(app, view),
  };
}
