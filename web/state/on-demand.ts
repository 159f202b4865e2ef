/** The state of everything that is not in the page's first script. Built once, when that script has come. */
import { openKeptDatabase } from "../offline/kept-database.ts";
import { createKnownRooms } from "../offline/known-rooms.ts";
import { createPushBrowser } from "../page/push-manager.ts";
import { createModerationApi } from "../sync/moderation-api.ts";
import { SITE } from "../sync/urls.ts";
import { createAccount } from "./account.ts";
import type { App } from "./app.ts";
import { listenToBack } from "./back-button.ts";
import { createCircles } from "./circles.ts";
import { createEmojiChoices } from "./emoji-choices.ts";
import { createForms } from "./forms.ts";
import { followGuests } from "./guest-drafts.ts";
import { createJumps } from "./jumps.ts";
import { listenToKeys } from "./keyboard.ts";
import { createLinks } from "./links.ts";
import { createMentions } from "./mentions.ts";
import { createModeration } from "./moderation.ts";
import { createOffline } from "./offline.ts";
import { openAlerts } from "./open-alerts.ts";
import { createOpenReports } from "./open-reports.ts";
import { createPeople } from "./people.ts";
import { createPersonActs } from "./person-acts.ts";
import { createPins } from "./pins.ts";
import { createQuotes } from "./quotes.ts";
import { createRaid } from "./raid.ts";
import { createReactions } from "./reactions.ts";
import { createReportList } from "./reports.ts";
import { createRoomLevels } from "./room-levels.ts";
import { openSearch } from "./search-place.ts";
import { createSettings, type Settings } from "./settings.ts";
import { createShortcodes } from "./shortcodes.ts";
import { createTakeBack } from "./take-back.ts";
import { createUnread } from "./unread.ts";

export type OnDemand = ReturnType<typeof createOnDemand>;

export function createOnDemand(app: App) {
  const { clock, api, serverNow, view } = app.platform;
  const { session, rooms, dialogs, toasts, route, chat } = app;
  const deps = { clock, api, session, rooms, dialogs, notify: toasts.show, serverNow };
  const account = createAccount(deps);
  const levels = createRoomLevels(app);
  const unread = createUnread({ ...app, isSilent: (room) => levels.of(room) === "none" });
  const more = createModerationApi(api);
  const openReports = createOpenReports(clock, more, () => document.visibilityState === "visible");
  const moderation = createModeration({ ...deps, here: route.room });
  const closed = () => void openReports.refresh();
  const reports = createReportList({ api, more, notify: toasts.show, closed });
  const database = openKeptDatabase(SITE);
  const browser = createPushBrowser(window);
  const links = createLinks({ view, notify: toasts.show });
  const circles = createCircles({ ...deps, route });
  const jumps = createJumps({ api, clock, chat, route, notify: toasts.show });
  const quotes = createQuotes({ api, clock, room: chat.room });
  browser.opened(jumps.to);
  jumpToAddress(jumps, app);
  const mentions = createMentions(app);
  const emoji = createEmojiChoices(app.platform.kept);
  const shortcodes = createShortcodes(app.composer, emoji);
  const settings = createSettings(app.platform.kept, app.density.density);
  const { notifications, mentionAlerts } = openAlerts(app, { browser, database, levels, unread, settings });
  const searching = openSearch(app);
  listen(app, searching, settings);
  app.whenUserLeaves(() => {
    for (const each of [mentionAlerts, mentions, shortcodes, jumps, quotes, circles]) each.clear();
    for (const each of [account, reports, unread, levels, openReports]) each.clear();
    app.composer.replyTo(undefined);
  });
  return {
    account,
    circles,
    moderation,
    jumps,
    emoji,
    shortcodes,
    mentions,
    mentionAlerts,
    quotes,
    ...searching,
    settings,
    takeBack: createTakeBack(app),
    unread,
    openReports,
    reports,
    pins: createPins({ api, kept: app.platform.kept, room: chat.room, notify: toasts.show }),
    reactions: createReactions(app),
    raid: createRaid(more, toasts.show),
    forms: createForms({ clock, session, rooms, route, chat }),
    notifications,
    levels,
    offline: createOffline({ ...app, known: createKnownRooms(database, clock.now), clock }),
    people: createPeople({ clock, api, chat, isVisible: () => view.document.visibilityState === "visible" }),
    links,
    personActs: createPersonActs(app, { view, links }),
  };
}

function listen(app: App, searching: ReturnType<typeof openSearch>, settings: Settings): void {
  const { view } = app.platform;
  listenToKeys({ ...app, ...searching, settings, view });
  listenToBack({ ...app, view });
  followGuests(app);
}

/** To the message that the page's address names, if it does. */
function jumpToAddress(jumps: ReturnType<typeof createJumps>, { route, platform }: App): void {
  const [, seq] = /^#m(\d{1,15})$/.exec(platform.view.location.hash) ?? [];
  if (seq !== undefined) jumps.to(route.room.peek(), Number(seq));
}
