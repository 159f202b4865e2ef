/** Builds all state in order of dependence and connects it to the socket. The browser is passed in. Holds no behaviour of its own. */
import { computed } from "@preact/signals";
import { LOBBY } from "../../shared/limits.ts";
import { newClientId } from "../sync/client-id.ts";
import type { Clock } from "../sync/clock.ts";
import type { Store } from "../sync/storage.ts";
import type { OpenTransport } from "../sync/transport.ts";
import { createChat } from "./chat.ts";
import { createChatEvents } from "./chat-events.ts";
import { createComposer } from "./composer.ts";
import { createDensity } from "./density.ts";
import { createDialogs } from "./dialogs.ts";
import { createDrafts } from "./drafts.ts";
import { createIdentity } from "./identity.ts";
import { createIgnored } from "./ignored.ts";
import { createKept } from "./kept.ts";
import { createLanguage, type FirstWords } from "./language.ts";
import { createLiveConnection } from "./live-connection.ts";
import { startPage } from "./page-life.ts";
import { createPanel, createReadAloud } from "./panel.ts";
import { createRoomList } from "./room-list.ts";
import { createRoute } from "./route.ts";
import { createRows } from "./rows.ts";
import { createRules } from "./rules.ts";
import { followUsers } from "./succession.ts";
import { createTheme } from "./theme.ts";
import { createToasts } from "./toasts.ts";
import { createUnreadMarks } from "./unread-marks.ts";

export type Platform = {
  openTransport: OpenTransport;
  /** Whether the cluster refuses pages of this address. */
  isRefused?: () => Promise<boolean>;
  clock: Clock;
  store: Store;
  view: Window;
  /** The words that the page starts with. */
  first: FirstWords;
};

export type App = ReturnType<typeof createApp>;

export function createApp(platform: Platform) {
  const { clock, store, view, first } = platform;
  const { serverTime, api, session } = createIdentity(
    { clock, store, fetch: view.fetch.bind(view) },
    {
      userChanged: () => socket.restart(),
      tokenRenewed: (token) => socket.send({ type: "auth", token }),
    },
  );
  const kept = createKept(store, session.owner);
  const drafts = createDrafts(kept);
  const toasts = createToasts(clock);
  const failed = () => toasts.show({ about: "problem", code: "unreachable" });
  const language = createLanguage({ kept, browserLanguages: view.navigator.languages, first, failed });
  const ignored = createIgnored(kept);
  const rooms = createRoomList({ clock, api, kept, user: computed(() => session.user.value?.id) });
  const route = createRoute(view);
  const { room: here } = route;
  const dialogs = createDialogs();
  const rules = createRules({ clock, serverTime, session, rooms });
  const { restriction } = rules;

  const send = (frame: Parameters<typeof socket.send>[0]) => socket.send(frame);
  const chat = createChat(
    { clock, api, store, send, isIgnored: ignored.has, room: here, rules, newClientId },
    createChatEvents({ session, rooms, toasts, route, heard: (frame) => unread.heard(frame) }),
  );
  const { socket, connection } = createLiveConnection({ ...platform, session, chat, rooms });
  const composer = createComposer({ clock, here, drafts, chat, session, restriction, dialogs });

  const unread = createUnreadMarks();
  const leaving = new Set<() => void>();

  const roomTitle = computed(() =>
    here.value === LOBBY ? language.words.value.lobby : rooms.titleOf(here.value),
  );

  return {
    session,
    chat,
    rows: createRows(chat, ignored, session.user, unread.since),
    unread,
    roomTitle,
    connection,
    restriction: restriction.current,
    rooms,
    route,
    toasts,
    language,
    theme: createTheme(kept),
    density: createDensity(kept),
    panel: createPanel(kept),
    isReadAloud: createReadAloud(kept),
    dialogs,
    openAuth: () => dialogs.show({ at: "auth", tab: "logIn" }),
    /** For somebody who is here for the first time. */
    openSignUp: () => dialogs.show({ at: "auth", tab: "signUp" }),
    ignored,
    typists: computed(() => chat.typists.value.filter(({ id }) => !ignored.has(id))),
    composer,
    /** For the state that comes with the script of on-demand parts. */
    platform: { clock, api, kept, view, send, serverNow: serverTime.now },
    /** Calls `forget` whenever the next user must see nothing of the previous one. */
    whenUserLeaves: (forget: () => void) => void leaving.add(forget),
    /** Starts the page. Everything before this call is wiring. */
    start() {
      followUsers({ session, chat, kept, drafts, dialogs, toasts, clear });
      startPage({
        view,
        clock,
        session,
        chat,
        rooms,
        socket,
        here,
        title: computed(() => unread.title.value + roomTitle.value),
      });
    },
  };

  /** Forgets the data of the previous user. */
  function clear() {
    for (const forget of leaving) forget();
    rooms.search("");
  }
}
