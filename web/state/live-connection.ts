/** Connects the socket of this page with the session, the chat and the displayed status. */
import { computed } from "@preact/signals";
import { CLOSE } from "../../shared/codes.ts";
import type { Ban } from "../../shared/server-frames.ts";
import type { Clock } from "../sync/clock.ts";
import { createSocket } from "../sync/reconnecting-socket.ts";
import type { OpenTransport } from "../sync/transport.ts";
import type { Chat } from "./chat.ts";
import { createConnectionState } from "./connection-state.ts";
import type { RoomList } from "./room-list.ts";
import type { Session } from "./session.ts";

export type LiveConnectionDeps = {
  openTransport: OpenTransport;
  /** Whether the cluster refuses pages of this address. */
  isRefused?: () => Promise<boolean>;
  clock: Clock;
  view: Pick<Window, "document" | "navigator">;
  session: Pick<Session, "token" | "renew" | "banned">;
  chat: Chat;
  rooms: Pick<RoomList, "refreshSoon">;
};

export function createLiveConnection({
  openTransport,
  isRefused = async () => false,
  clock,
  view,
  session,
  chat,
  rooms,
}: LiveConnectionDeps) {
  const { document, navigator } = view;
  const behind = computed(() => chat.room.value.behind.value);
  const connection = createConnectionState(clock, behind);
  /** The ban in the frame before the close. */
  let ban: Ban | undefined;
  let welcomes = 0;

  const socket = createSocket(
    {
      openTransport,
      clock,
      isVisible: () => document.visibilityState === "visible",
      isOnline: () => navigator.onLine,
      isRefused,
      token: session.token,
      renew: session.renew,
    },
    {
      state(state) {
        connection.changed(state);
        if (state.at !== "live") chat.cutOff();
        if (state.at !== "ended" || state.code !== CLOSE.banned) return;
        session.banned(ban);
        ban = undefined;
      },
      welcome(frame) {
        chat.welcome(frame);
        // Rooms may have changed while there was no connection.
        if (welcomes++ > 0) rooms.refreshSoon();
      },
      frames(frames) {
        for (const { type, ...said } of frames.filter((frame) => frame.type === "banned")) ban = said;
        chat.frames(frames);
      },
      answered: connection.answered,
    },
  );

  return { socket, connection: { ...connection, retryNow: socket.retryNow } };
}
