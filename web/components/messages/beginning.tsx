import type { Room } from "../../state/room.ts";
import { useApp, useWords } from "../app-context.ts";
import { Slot } from "../slot.tsx";

type Props = { room: Room; isEmpty: boolean; isReady: boolean };

/** The line above the first message, or a note in place of all messages: how the room is, and what came before. */
export function Beginning({ room, isEmpty, isReady }: Props) {
  const { route, connection } = useApp();
  const words = useWords();
  if (room.state.value === "missing") {
    return (
      <div class="empty" data-screen="no-such-room">
        <p class="empty-title">{words.roomMissing}</p>
        <button class="button primary" type="button" onClick={() => route.go("lobby")}>
          {words.toLobby}
        </button>
      </div>
    );
  }
  if (!isReady && connection.status.value === "refused") {
    return (
      <div class="empty">
        <p class="empty-title">{words.connection.refused}</p>
        <p>{words.connectionExplained.refused}</p>
      </div>
    );
  }
  if (!isReady) return <p class="beginning">{words.loadingRoom}</p>;
  if (room.history.value === "failed") {
    return (
      <p class="beginning">
        {words.historyFailed}{" "}
        <button class="link" type="button" onClick={() => void room.loadOlder()}>
          {words.retryNow}
        </button>
      </p>
    );
  }
  if (room.history.value === "loading") return <p class="beginning">{words.loadingOlder}</p>;
  if (room.hasOlder.value) return <p class="beginning">{"\u00a0"}</p>;
  if (isEmpty && room.state.value === "archived") {
    return (
      <div class="empty">
        <p class="empty-title">{words.closing.hidden}</p>
      </div>
    );
  }
  if (isEmpty) return <Slot part="Greeting" with={{}} now />;
  return <p class="beginning">{words.beginning}</p>;
}
