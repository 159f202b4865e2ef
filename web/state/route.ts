/** The room in the address, so that the back button works and a room can be linked to. */
import { computed, signal } from "@preact/signals";
import { LOBBY } from "../../shared/limits.ts";
import { invitationOfPath, isRoomName, roomOfPath, roomPath } from "../sync/urls.ts";

export type Route = ReturnType<typeof createRoute>;

export function createRoute(view: Pick<Window, "location" | "history" | "addEventListener">) {
  const room = signal(roomOfPath(view.location.pathname));
  const invitation = invitationOfPath(view.location.pathname);
  // The address bar shows the corrected address, so that it is the one that people pass on.
  const path = roomPath(room.value);
  if (isRoomName(room.value) && path !== view.location.pathname && room.value !== LOBBY)
    view.history.replaceState(null, "", path + view.location.search + view.location.hash);
  view.addEventListener("popstate", () => {
    room.value = roomOfPath(view.location.pathname);
  });

  return {
    /** The token of the invitation by which the page was opened. */
    invitation,
    room: computed(() => room.value),
    go(name: string) {
      if (name === room.value) return;
      // The entry of an open layer (back-button.ts) leads nowhere else.
      view.history[view.history.state?.layer ? "replaceState" : "pushState"](null, "", roomPath(name));
      room.value = name;
    },
  };
}
