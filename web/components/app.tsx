import type { App } from "../state/app.ts";
import { AppContext } from "./app-context.ts";
import { Composer } from "./composer/composer.tsx";
import { LoadOnDemand } from "./load-on-demand.tsx";
import { MessageList } from "./messages/message-list.tsx";
import { RoomHeader } from "./rooms/room-header.tsx";
import { Sidebar } from "./rooms/sidebar.tsx";
import { Slot } from "./slot.tsx";
import { Toasts } from "./ui/toasts.tsx";

/** The whole page: rooms beside the conversation, with dialogs and toasts above both. */
export function AppView({ app }: { app: App }) {
  const words = app.language.words.value;
  const room = app.chat.room.value;
  const who = app.session.state.value;
  return (
    <AppContext.Provider value={app}>
      <a class="skip" href="#conversation">
        {words.skip}
      </a>
      <div class="page">
        <Sidebar />
        <main class="conversation" id="conversation" tabIndex={-1}>
          <RoomHeader />
          {who.at === "guest" && who.because === "banned" ? (
            <Slot part="BannedScreen" with={{ ban: who.ban }} now />
          ) : (
            <>
              <MessageList key={room.name} room={room} />
              <Composer key={`composer ${room.name}`} />
            </>
          )}
        </main>
        <Slot part="Voice" with={{}} />
        <Slot
          part="Panel"
          with={{}}
          now={app.panel.isOpen.value}
          fallback={app.panel.isOpen.value && <aside class="panel" />}
        />
      </div>
      <Toasts onTop={!app.dialogs.open.value} />
      <Slot part="Dialogs" with={{}} />
      <LoadOnDemand />
    </AppContext.Provider>
  );
}
