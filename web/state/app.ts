/** Builds all state in order of dependence and connects it to the socket. The browser is passed in. */
import { computed, effect, untracked } from "@preact/signals";
import { CLOSE } from "../../shared/codes.ts";
import type { CreateRoomBody } from "../../shared/http-api.ts";
import { LOBBY } from "../../shared/limits.ts";
import type { Ban, NoticeEvent } from "../../shared/server-frames.ts";
import { type ApiProblem, createApi } from "../sync/api.ts";
import { newClientId } from "../sync/client-id.ts";
import type { Clock } from "../sync/clock.ts";
import { createSocket } from "../sync/reconnecting-socket.ts";
import { createServerTime } from "../sync/server-time.ts";
import type { Store } from "../sync/storage.ts";
import { browserTabs } from "../sync/tabs.ts";
import type { OpenLine } from "../sync/transport.ts";
import { createAccount } from "./account.ts";
import { createChat } from "./chat.ts";
import { createComposer } from "./composer.ts";
import { createConnectionState } from "./connection-state.ts";
import { createDialogs } from "./dialogs.ts";
import { createDrafts } from "./drafts.ts";
import { createForms } from "./forms.ts";
import { createIgnored } from "./ignored.ts";
import { createKept } from "./kept.ts";
import { createLanguage } from "./language.ts";
import { createModeration } from "./moderation.ts";
import { createRestriction } from "./restriction.ts";
import type { RoomState } from "./room.ts";
import { createRoomList } from "./room-list.ts";
import { createRoute } from "./route.ts";
import { createSession } from "./session.ts";
import { followUsers } from "./succession.ts";
import { createTheme } from "./theme.ts";
import { createTimeline } from "./timeline.ts";
import { createToasts } from "./toasts.ts";

const TICK_MS = 1_000;
/** How often the list of rooms is asked for while somebody looks, beside what the socket tells of it. */
const ROOMS_MS = 3 * 60_000;

export type Platform = {
  openLine: OpenLine;
  clock: Clock;
  store: Store;
  view: Window;
};

export type App = ReturnType<typeof createApp>;

export function createApp({ openLine, clock, store, view }: Platform) {
  const { document, navigator } = view;
  const serverTime = createServerTime(clock.now);
  const api = createApi({
    fetch: view.fetch.bind(view),
    token: () => session.accessToken(),
    freshToken: () => session.token(),
    toldTime: serverTime.told,
  });
  const route = createRoute(view);
  const toasts = createToasts(clock);
  const restriction = createRestriction(clock, serverTime);
  const dialogs = createDialogs();

  const session = createSession({
    api,
    clock,
    serverNow: serverTime.now,
    store,
    tabs: browserTabs,
    userChanged: () => socket.restart(),
    tokenRenewed: (token) => socket.send({ type: "auth", token }),
  });

  const kept = createKept(store, session.owner);
  const drafts = createDrafts(kept);
  const language = createLanguage(kept, navigator.languages);
  const ignored = createIgnored(kept);
  const rooms = createRoomList({ clock, api, kept, user: computed(() => session.user.value?.id) });

  const chat = createChat({
    clock,
    api,
    store,
    isIgnored: ignored.has,
    send: (frame) => socket.send(frame),
    room: route.room,
    restriction,
    remark: toasts.show,
    identified: (user) => session.learn(user),
    noticed,
    roomsNews: rooms.news,
    roomGone,
    newClientId,
  });
  const connection = createConnectionState(
    clock,
    computed(() => chat.room.value.behind.value),
  );

  /** What the server said before it shut us out. */
  let toldBan: Ban | undefined;
  const socket = createSocket(
    {
      openLine,
      clock,
      isVisible: () => document.visibilityState === "visible",
      isOnline: () => navigator.onLine,
      token: session.token,
      renew: session.renew,
    },
    {
      state(state) {
        connection.changed(state);
        if (state.at !== "live") chat.cutOff();
        if (state.at === "ended" && state.code === CLOSE.banned) session.banned(toldBan);
      },
      welcome(frame) {
        chat.welcome(frame);
        // What changed while nobody told.
        if (welcomes++ > 0) rooms.refreshSoon();
      },
      frames(frames) {
        for (const { type, ...ban } of frames.filter((frame) => frame.type === "banned")) toldBan = ban;
        chat.frames(frames);
      },
      answered: connection.answered,
    },
  );

  let welcomes = 0;
  const roomTitle = computed(() => {
    const name = route.room.value;
    return name === LOBBY ? language.words.value.lobby : rooms.titleOf(name);
  });

  const timeline = createTimeline();
  const rows = computed(() => {
    const room = chat.room.value;
    const oldest = room.reading.shown.value[0]?.seq ?? 0;
    return timeline({
      gaps: room.log.value.gaps.filter(({ before }) => before >= oldest),
      events: ignored.leftOf(room.reading.shown.value),
      entries: room.reading.atNewest.value ? chat.entries.value : [],
      // Until the log is here, what was acknowledged will be in it.
      last: room.log.value.joined ? room.log.value.last : Number.POSITIVE_INFINITY,
      me: session.user.value,
    });
  });

  const mayWrite = computed(
    () =>
      session.user.value !== undefined &&
      restriction.restriction.value === undefined &&
      connection.socket.value.at === "live" &&
      isOpen(chat.room.value.state.value),
  );

  /** Why the cluster logged this page out; undefined: it did not. */
  const loggedOut = computed(() => {
    const state = session.state.value;
    if (state.at !== "guest" || state.because === "banned" || state.because === "readmitted")
      return undefined;
    return state.because;
  });

  const moderation = createModeration({
    clock,
    serverNow: serverTime.now,
    api,
    rooms,
    dialogs,
    remark: toasts.show,
  });
  const account = createAccount({ clock, api, session, remark: toasts.show });
  const composer = createComposer({
    room: route.room,
    drafts,
    limits: chat.limits,
    mayWrite,
    write: chat.write,
    writing: chat.writing,
  });

  return {
    session,
    chat,
    rows,
    roomTitle,
    connection: { ...connection, retryNow: socket.retryNow },
    restriction: restriction.restriction,
    rooms,
    route,
    toasts,
    language,
    theme: createTheme(kept),
    dialogs,
    openAuth: () => dialogs.show({ at: "auth" }),
    ignored,
    typists: computed(() => chat.typists.value.filter((typist) => !ignored.has(typist.id))),
    composer,
    loggedOut,
    account,
    moderation,
    /** Whether the draft in the room on screen waits for whoever was logged out. */
    draftWaits: computed(() => {
      const whose = loggedOut.value && session.lastUser();
      return whose !== undefined && drafts.isLeft(whose, route.room.value);
    }),
    forms: createForms(clock, session, { create: makeRoom }),
    start,
  };

  /** Begins to live: everything before this is wiring. */
  function start() {
    followUsers({ session, chat, dialogs, account, moderation, toasts, rooms, kept, drafts, loggedOut });
    effect(() => {
      const state = session.state.value;
      if (state.at === "guest" && state.because === "banned") toldBan = undefined;
    });
    effect(() => {
      const name = route.room.value;
      untracked(() => {
        chat.settleRooms();
        if (name !== LOBBY) void rooms.look(name);
      });
    });
    effect(() => {
      const here = chat.room.value;
      const isMember = session.user.value !== undefined || session.state.value.at === "guest";
      if (here.state.value !== "joined" || !isMember) return;
      untracked(() => rooms.visited(here.name, rooms.titleOf(here.name)));
    });
    effect(() => {
      session.user.value?.id;
      untracked(() => void rooms.refresh());
    });
    effect(() => {
      document.title = `${roomTitle.value} · 수다`;
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") socket.wake();
    });
    view.addEventListener("pageshow", ({ persisted }) => {
      if (persisted) void session.shownAgain();
    });
    view.addEventListener("online", socket.wake);
    view.addEventListener("offline", socket.offline);
    tick();
    watchRooms();
    socket.start();
  }

  /** Makes a room and goes there, also when the person already stood before its missing door. */
  async function makeRoom(body: CreateRoomBody): Promise<ApiProblem | undefined> {
    const problem = await rooms.create(body);
    if (problem) return problem;
    route.go(body.name);
    chat.room.value.join();
    return undefined;
  }

  function noticed({ code, room, user, role, slowModeMs }: NoticeEvent) {
    const me = session.user.value;
    if (user && user.id === me?.id) {
      if (code === "renamed") session.learn({ ...me, nickname: user.nickname });
      if (code === "role" && role) session.learn({ ...me, role });
    }
    if (code === "slow_mode" && slowModeMs !== undefined) rooms.slowed(room, slowModeMs);
  }

  /** An admin deleted the room under the person's eyes. */
  function roomGone(name: string) {
    toasts.show({ about: "room-deleted", title: rooms.titleOf(name) });
    route.go(LOBBY);
  }

  function watchRooms() {
    clock.after(ROOMS_MS, () => {
      if (document.visibilityState === "visible") void rooms.refresh();
      watchRooms();
    });
  }

  function tick() {
    chat.tick();
    clock.after(TICK_MS, tick);
  }
}

const isOpen = (state: RoomState): boolean => state !== "missing" && state !== "archived";
