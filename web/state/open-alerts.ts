/** Wires the ways in which the person hears of a message: notifications by the worker and by an open page, and alerts within it. */
import type { KeptDatabase } from "../offline/kept-database.ts";
import { closeRead, showOnce } from "../offline/notices.ts";
import type { PushBrowser } from "../page/push-manager.ts";
import { playTone } from "../page/tone.ts";
import type { App } from "./app.ts";
import { createMentionAlerts } from "./mention-alerts.ts";
import { createNotifications } from "./notifications.ts";
import { createPageAlerts } from "./page-alerts.ts";
import type { RoomLevels } from "./room-levels.ts";
import { createRoomNews } from "./room-news.ts";
import type { Settings } from "./settings.ts";
import type { Unread } from "./unread.ts";

type Parts = {
  browser: PushBrowser;
  database: KeptDatabase;
  levels: RoomLevels;
  unread: Pick<Unread, "heads" | "readOf" | "mentions">;
  settings: Pick<Settings, "isSoundOn">;
};

export function openAlerts(app: App, { browser, database, levels, unread, settings }: Parts) {
  const notifications = createNotifications({ ...app, browser, database });
  const { hidesText, isOn } = notifications;
  const { heads, readOf } = unread;
  const { registration, locks } = browser;
  createPageAlerts({
    ...{ platform: app.platform, levels, isOn, heads },
    newest: createRoomNews({ ...app, hidesText, readOf }),
    // Silent, because the page rings by itself where the person wants it.
    show: async (message) =>
      showOnce({ registration: await registration(), database, locks }, message, {
        language: app.language.language.peek(),
        silent: true,
      }),
    close: async (room, seq) => closeRead(await registration(), room, seq),
    ring: () => settings.isSoundOn.peek() && playTone(),
  });
  const mentionAlerts = createMentionAlerts({
    ...app,
    settings,
    unreadMentions: () => unread.mentions.value,
    play: playTone,
  });
  return { notifications, mentionAlerts };
}
