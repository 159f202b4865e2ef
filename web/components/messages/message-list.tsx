import type { Room } from "../../state/room.ts";
import { useApp, useWords } from "../app-context.ts";
import { Icon } from "../ui/icons.tsx";
import { usePaced } from "../ui/use-paced.ts";
import { MessageRow } from "./message-row.tsx";
import { TypingLine } from "./typing-line.tsx";
import { useLean } from "./use-lean.ts";
import { useRovingTabindex } from "./use-roving-tabindex.ts";
import { useScroll } from "./use-scroll.ts";

/** The conversation. Follows the newest message at the bottom; scrolled up, it stands still and counts new messages. */
export function MessageList({ room }: { room: Room }) {
  const { rows } = useApp();
  const words = useWords();
  const list = usePaced(rows);
  const { viewport } = room;
  const isReady = ["joined", "archived"].includes(room.state.value) || list.length > 0;
  const lean = useLean(list, viewport.atNewest.value);
  const scroll = useScroll(room, () => !lean.isLean && rows.peek() === list);
  const stop = useRovingTabindex(scroll.log, list);
  const loading = room.history.value === "loading";
  return (
    <div class="messages">
      <Restarted room={room} />
      <div
        class="log"
        role="log"
        aria-label={words.messages}
        aria-live={loading || !viewport.atNewest.value ? "off" : "polite"}
        aria-busy={!isReady}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by the keyboard
        tabIndex={0}
        ref={scroll.log}
        onScroll={scroll.scrolled}
        {...stop}
      >
        <Beginning room={room} isEmpty={list.length === 0} isReady={isReady} />
        <ol class="rows" ref={scroll.list}>
          {lean.rows.map((row) => (
            <MessageRow key={row.key} row={row} isLean={lean.isLean} />
          ))}
        </ol>
      </div>
      <TypingLine />
      {!viewport.atNewest.value && <ToNewest room={room} />}
    </div>
  );
}

function ToNewest({ room: { viewport } }: { room: Room }) {
  const words = useWords();
  const unseen = viewport.unseen.value;
  return (
    <button class="to-newest" type="button" onClick={viewport.newest}>
      <Icon name="down" />
      {unseen > 0 ? words.newMessages(unseen) : words.toNewest}
    </button>
  );
}

/** The note of a restart. Placed above the view, because the beginning of the log is out of sight. */
function Restarted({ room }: { room: Room }) {
  const words = useWords();
  return (
    <div role="status">
      {room.restarted.value && (
        <div class="restarted">
          <p>{words.restarted}</p>
          <button class="icon-button" type="button" aria-label={words.dismiss} onClick={room.forgetRestart}>
            <Icon name="close" />
          </button>
        </div>
      )}
    </div>
  );
}

function Beginning({ room, isEmpty, isReady }: { room: Room; isEmpty: boolean; isReady: boolean }) {
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
  if (isEmpty) {
    return (
      <div class="empty">
        <p class="empty-title">{words.emptyRoom}</p>
        <p>{words.emptyRoomHint}</p>
      </div>
    );
  }
  return <p class="beginning">{words.beginning}</p>;
}
