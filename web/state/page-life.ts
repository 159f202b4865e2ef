/**
 * Runs from the start of the page on: follows the address, refreshes the list of rooms, wakes the socket when the tab or the network
 * comes back, and ticks the outbox. Owns timers and listeners, no state.
 */
import { effect, type ReadonlySignal, untracked } from "@preact/signals";
import { LOBBY } from "../../shared/limits.ts";
import type { Clock } from "../sync/clock.ts";
import type { Socket } from "../sync/reconnecting-socket.ts";
import type { Chat } from "./chat.ts";
import type { RoomList } from "./room-list.ts";
import type { Session } from "./session.ts";

const TICK_MS = 1_000;
/** How often the list of rooms is reloaded while the tab is visible, besides the updates from the socket. */
const ROOMS_MS = 3 * 60_000;

export type PageLife = {
  view: Window;
  clock: Clock;
  session: Session;
  chat: Chat;
  rooms: RoomList;
  socket: Socket;
  /** The room in the address, and its title. */
  here: ReadonlySignal<string>;
  title: ReadonlySignal<string>;
};

export function startPage({ view, clock, session, chat, rooms, socket, here, title }: PageLife) {
  const { document } = view;
  const isVisible = () => document.visibilityState === "visible";

  effect(() => {
    const name = here.value;
    untracked(() => enter(name));
  });
  effect(remember);
  effect(() => {
    session.user.value?.id;
    untracked(() => void rooms.refresh());
  });
  effect(() => {
    document.title = `${title.value} · 수다`;
  });
  listen();
  tick();
  watchRooms();
  socket.start();

  function enter(name: string) {
    chat.settleRooms();
    if (name !== LOBBY) void rooms.lookUp(name);
  }

  /** Adds a joined room to the visitor's list, once the user is known. */
  function remember() {
    const room = chat.room.value;
    const isSettled = session.user.value !== undefined || session.state.value.at === "guest";
    if (room.state.value !== "joined" || !isSettled) return;
    untracked(() => rooms.visited(room.name, rooms.titleOf(room.name)));
  }

  function listen() {
    document.addEventListener("visibilitychange", () => isVisible() && socket.wake());
    view.addEventListener("pageshow", ({ persisted }) => {
      if (persisted) void session.shownAgain();
    });
    view.addEventListener("online", socket.wake);
    view.addEventListener("offline", socket.offline);
  }

  function watchRooms() {
    clock.after(ROOMS_MS, () => {
      if (isVisible()) void rooms.refresh();
      watchRooms();
    });
  }

  function tick() {
    chat.tick();
    clock.after(TICK_MS, tick);
  }
}
