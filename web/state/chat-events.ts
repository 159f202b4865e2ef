/** Passes events of the chat on to the rest of the page: to the profile, the list of rooms, the route and the notifications. */
import { LOBBY } from "../../shared/limits.ts";
import type { NoticeEvent } from "../../shared/server-frames.ts";
import { isPrivateName } from "../sync/urls.ts";
import type { ChatEvents } from "./frame-handlers.ts";
import type { RoomList } from "./room-list.ts";
import type { Route } from "./route.ts";
import type { Session } from "./session.ts";
import type { Toasts } from "./toasts.ts";

type Deps = {
  session: Pick<Session, "user" | "updateProfile">;
  rooms: Pick<RoomList, "news" | "ownChanges" | "refreshOwn" | "slowed" | "titleOf">;
  toasts: Pick<Toasts, "show">;
  route: Pick<Route, "go">;
  heard: ChatEvents["heard"];
};

export function createChatEvents({ session, rooms, toasts, route, heard }: Deps): ChatEvents {
  return {
    heard,
    notify: toasts.show,
    identified: session.updateProfile,
    roomsNews: rooms.news,
    ownRooms() {
      rooms.ownChanges.value += 1;
      void rooms.refreshOwn();
    },
    roomGone,
    noticed,
  };

  /** An admin deleted the room on screen, or the person is out of a private one. */
  function roomGone(name: string) {
    const about = isPrivateName(name) ? "out-of-room" : "room-deleted";
    toasts.show({ about, title: rooms.titleOf(name) });
    route.go(LOBBY);
  }

  function noticed({ code, room, user, role, slowModeMs }: NoticeEvent) {
    const me = session.user.value;
    if (user && user.id === me?.id) {
      if (code === "renamed") session.updateProfile({ ...me, nickname: user.nickname });
      if (code === "role" && role) session.updateProfile({ ...me, role });
    }
    if (code === "slow_mode" && slowModeMs !== undefined) rooms.slowed(room, slowModeMs);
  }
}
