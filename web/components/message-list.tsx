import type { VNode } from "preact";
import type { Room } from "../state/room.ts";
import type { Row } from "../state/timeline.ts";
import { useApp, useWords } from "./app-context.ts";
import { Icon } from "./icons.tsx";
import { MessageRow } from "./message-row.tsx";
import { TypingLine } from "./typing-line.tsx";
import { useOneStop } from "./use-one-stop.ts";
import { useScroll } from "./use-scroll.ts";

/** The conversation. Follows the newest at the bottom; scrolled up it stands still and says how much is new. */
export function MessageList({ room }: { room: Room }) {
  const { rows } = useApp();
  const words = useWords();
  const list = rows.value;
  const { reading } = room;
  const isReady = ["joined", "archived"].includes(room.state.value) || list.length > 0;
  const scroll = useScroll(room, list);
  const stop = useOneStop(scroll.log, list);
  const loading = room.history.value === "loading";
  return (
    <div class="messages">
      <div
        class="log"
        role="log"
        aria-label={words.messages}
        aria-live={loading || !reading.atNewest.value ? "off" : "polite"}
        aria-busy={!isReady}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
        tabIndex={0}
        ref={scroll.log}
        onScroll={scroll.scrolled}
        {...stop}
      >
        <Beginning room={room} isEmpty={list.length === 0} isReady={isReady} />
        <ol class="rows">{list.map(shown)}</ol>
      </div>
      <TypingLine />
      {scroll.away.value && (
        <button class="to-newest" type="button" onClick={reading.jump}>
          <Icon name="down" />
          {reading.unseen.value > 0 ? words.newMessages(reading.unseen.value) : words.toNewest}
        </button>
      )}
    </div>
  );
}

/** An element given twice is not looked at twice: only rows that changed cost anything. */
const elements = new WeakMap<Row, VNode>();

function shown(row: Row): VNode {
  const element = elements.get(row) ?? <MessageRow key={row.key} row={row} />;
  elements.set(row, element);
  return element;
}

function Beginning({ room, isEmpty, isReady }: { room: Room; isEmpty: boolean; isReady: boolean }) {
  const { route } = useApp();
  const words = useWords();
  if (room.state.value === "missing") {
    return (
      <div class="empty">
        <p class="empty-title">{words.roomMissing}</p>
        <button class="button primary" type="button" onClick={() => route.go("lobby")}>
          {words.toLobby}
        </button>
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
  if (room.log.value.more)
    return <p class="beginning">{room.restarted.value ? words.restarted : "\u00a0"}</p>;
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
