import { useEffect, useRef } from "preact/hooks";
import { Account } from "../account/account.tsx";
import { useWords } from "../app-context.ts";
import { Slot } from "../slot.tsx";
import { Icon, Logo } from "../ui/icons.tsx";
import { NewRoom } from "./new-room.tsx";
import { RoomList } from "./room-list.tsx";

export const SIDEBAR_ID = "sidebar";
/** The same width as in the style sheets: from here on the sidebar is beside the room. */
const WIDE = "(width >= 47.5rem)";

/** The sidebar: always visible on a wide screen; on a phone a popover that the header's button opens. */
export function Sidebar() {
  const words = useWords();
  const aside = useRef<HTMLElement>(null);
  const hide = () => aside.current?.matches(":popover-open") && aside.current.hidePopover();
  useEffect(() => {
    const wide = matchMedia(WIDE);
    wide.addEventListener("change", hide);
    return () => wide.removeEventListener("change", hide);
  }, []);
  return (
    <aside class="sidebar" data-screen="sidebar" id={SIDEBAR_ID} popover="auto" ref={aside}>
      <div class="brand">
        <Logo />
        <span class="brand-name">수다</span>
        <span class="brand-latin">Suda</span>
        <Slot part="SettingsButton" with={{}} />
        <button class="icon-button sidebar-close" type="button" aria-label={words.close} onClick={hide}>
          <Icon name="close" />
        </button>
      </div>
      <nav class="rooms" aria-label={words.rooms}>
        <RoomList chosen={hide} />
        <NewRoom chosen={hide} />
      </nav>
      <div class="sidebar-preferences">
        <Slot part="Preferences" with={{}} />
      </div>
      <Account chosen={hide} />
    </aside>
  );
}
